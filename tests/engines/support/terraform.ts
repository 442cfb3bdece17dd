import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SOURCE } from '../../../provider/terraform/source';
import { type HclEngine, hclEngine } from '../../support/needs';

const root = join(__dirname, '..', '..', '..');

/** How a command ended. */
export interface Run {
  readonly code: number;
  /** Both streams as a person sees them. */
  readonly output: string;
}

/** A rule as the state, or a plan, has it. */
export type Attributes = Readonly<Record<string, unknown>>;

/** What a plan does to one resource. */
export interface PlannedChange {
  readonly address: string;
  /** `create`, `update`, `delete`, `no-op`, or two of them for a replacement. */
  readonly actions: readonly string[];
  readonly before: Attributes | null;
  readonly after: Attributes | null;
  /** By attribute, where it is known after apply. */
  readonly after_unknown: Readonly<Record<string, unknown>>;
}

/** How the engine comes by the provider. */
export interface ProviderWay {
  /** Environment that leads the engine to a running provider. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A project with a state of its own, and a real engine. Needs no `init`: the provider is a running one, or started from the sources. */
export class TerraformProject {
  readonly path = mkdtempSync(join(tmpdir(), 'portforward-hcl-'));
  /** Added to the environment of every command from now on. */
  env: NodeJS.ProcessEnv;

  constructor(
    readonly engine: HclEngine,
    { env = {} }: ProviderWay = {},
  ) {
    mkdirSync(join(this.path, 'tmp'));
    const plugins = join(this.path, 'plugins');
    this.write(join('plugins', 'terraform-provider-portforward'), providerScript());
    chmodSync(join(plugins, 'terraform-provider-portforward'), 0o755);
    this.write(
      'rc',
      `provider_installation {\n  dev_overrides { "${SOURCE}" = ${JSON.stringify(plugins)} }\n  direct {}\n}\n`,
    );
    this.env = env;
    this.write(
      'versions.tf',
      `terraform {\n  required_providers {\n    portforward = { source = "${SOURCE}" }\n  }\n}\n`,
    );
  }

  write(file: string, text: string): void {
    const path = join(this.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8');
  }

  removeFile(file: string): void {
    rmSync(join(this.path, file), { force: true });
  }

  /** Starts a command; whoever wants to interrupt it has its process. */
  start(...args: string[]): { readonly child: ChildProcess; readonly ended: Promise<Run> } {
    const child = spawn(hclEngine(this.engine) ?? this.engine, args, {
      cwd: this.path,
      env: {
        // Nothing of the user's own set-up.
        PATH: process.env.PATH,
        HOME: this.path,
        // What a killed process leaves behind goes with the project.
        TMPDIR: join(this.path, 'tmp'),
        TF_CLI_CONFIG_FILE: join(this.path, 'rc'),
        CHECKPOINT_DISABLE: '1',
        TF_INPUT: '0',
        TF_CLI_ARGS: '-no-color',
        ...this.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const written: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => written.push(String(data)));
    const ended = new Promise<Run>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) =>
        resolve({ code: code ?? -1, output: withoutOverrides(written.join('')) }),
      );
    });
    return { child, ended };
  }

  /** Runs a command; the exit code is for the caller to judge. */
  run(...args: string[]): Promise<Run> {
    return this.start(...args).ended;
  }

  /** Runs a command that has to end with exit 0. */
  async succeed(...args: string[]): Promise<string> {
    const { code, output } = await this.run(...args);
    if (code !== 0) throw new Error(`${this.engine} ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }

  /** Runs a command that has to fail, and tells what it said. */
  async fail(...args: string[]): Promise<string> {
    const { code, output } = await this.run(...args);
    if (code !== 1) throw new Error(`${this.engine} ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }

  apply(...args: string[]): Promise<string> {
    return this.succeed('apply', '-auto-approve', ...args);
  }

  destroy(...args: string[]): Promise<string> {
    return this.succeed('destroy', '-auto-approve', ...args);
  }

  /** What a plan would change; empty = nothing. */
  async changes(...args: string[]): Promise<readonly PlannedChange[]> {
    await this.succeed('plan', '-out=planned', ...args);
    return this.planned();
  }

  /** What the plan in the file `planned` would change. */
  async planned(): Promise<readonly PlannedChange[]> {
    const { resource_changes = [] } = await this.shown('planned');
    return (resource_changes as { address: string; change: Omit<PlannedChange, 'address'> }[])
      .map(({ address, change }) => ({ ...change, address }))
      .filter(({ actions }) => actions.join() !== 'no-op' && actions.join() !== 'read');
  }

  /** The same in short: `portforward_rule.web: update external_port, internal_port`. */
  async changed(...args: string[]): Promise<readonly string[]> {
    const changes = await this.changes(...args);
    return changes
      .map((change) => `${change.address}: ${change.actions.join('+')}${attributesIn(change)}`)
      .sort();
  }

  /** Throws unless a plan, and a refresh alone, find nothing to do. */
  async unchanged(): Promise<void> {
    for (const mode of [[], ['-refresh-only']]) {
      const { code, output } = await this.run('plan', '-detailed-exitcode', ...mode);
      if (code !== 0) throw new Error(`plan ${mode} ended with ${code}:\n${output}`);
    }
  }

  /** Every rule in the state, by address. */
  async rules(): Promise<Readonly<Record<string, Attributes>>> {
    const { values } = await this.shown();
    const { root_module = {} } = (values ?? {}) as { root_module?: { resources?: StateResource[] } };
    return Object.fromEntries(
      (root_module.resources ?? [])
        .filter(({ mode }) => mode === 'managed')
        .map(({ address, values }) => [address, values]),
    );
  }

  /** Changes what the engine keeps for the provider alone, as time or another version of the provider would. */
  rewritePrivate(change: (kept: Attributes) => Attributes): void {
    const state = JSON.parse(this.read('terraform.tfstate'));
    for (const { instances } of state.resources)
      for (const instance of instances) {
        const kept = JSON.parse(Buffer.from(instance.private, 'base64').toString());
        instance.private = Buffer.from(JSON.stringify(change(kept))).toString('base64');
      }
    this.write('terraform.tfstate', JSON.stringify({ ...state, serial: state.serial + 1 }));
  }

  /** An output's value. */
  async output(name: string): Promise<unknown> {
    return JSON.parse(await this.succeed('output', '-json', name));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  private async shown(...args: string[]): Promise<Readonly<Record<string, unknown>>> {
    return JSON.parse(await this.succeed('show', '-json', ...args));
  }
}

interface StateResource {
  readonly mode: string;
  readonly address: string;
  readonly values: Attributes;
}

function attributesIn({ actions, before, after, after_unknown }: PlannedChange): string {
  if (actions.join() !== 'update') return '';
  const names = Object.keys({ ...before, ...after, ...after_unknown }).filter(
    (name) => after_unknown[name] || JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]),
  );
  return ` ${names.sort().join(', ')}`;
}

/** Says nothing to anybody but developers. */
function withoutOverrides(output: string): string {
  return output.replace(/\n*Warning: Provider development overrides[\s\S]*?releases\.\n/g, '');
}

/** The words of an output in one line: engines break sentences at 78 characters. */
export function plain(output: string): string {
  return output.replace(/\s+/g, ' ');
}

/** Runs the provider as it stands in the tree. `exec`: the engine must be its parent. */
function providerScript(): string {
  const quoted = [
    process.execPath,
    '--require',
    join(root, 'tests', 'agent', 'support', 'typescript.js'),
    join(root, 'provider', 'terraform', 'main.ts'),
  ].map((part) => `'${part}'`);
  return `#!/bin/sh\nexec ${quoted.join(' ')} "$@"\n`;
}
