import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { copyExample, installPackage } from './copied-example';
import { type HclEngine, hclEngine } from './needs';

/** The examples of one home network for engines that read HCL. */
export const HOME_LABS = ['terraform', 'cdktf', 'cdktn'] as const;

interface Where {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, on this machine or on one of the lab's. */
export type Runner = (argv: readonly string[], where: Where) => Promise<Ended>;

interface Settings {
  /** One of the projects in examples/. */
  readonly name: string;
  readonly engine: HclEngine;
  /** It is copied to a directory below. */
  readonly place: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly env?: Where['env'];
  readonly run?: Runner;
}

/** One of those projects, copied out with the packed package, whose installer gives the engine its provider. */
export class HclExample {
  private constructor(
    /** Where its configuration is. */
    private readonly directory: string,
    private readonly engine: HclEngine,
    private readonly env: Where['env'],
    private readonly run: Runner,
  ) {}

  /** Copied, synthesised where it is a program, and initialised. */
  static async start({ name, engine, place, variables, env, run = runHere }: Settings): Promise<HclExample> {
    const project = join(place, name);
    copyExample(name, project);
    const isProgram = !existsSync(join(project, 'main.tf'));
    const hasPackage = existsSync(join(project, 'package.json'));
    // Who writes HCL may have the package anywhere, to install the provider from.
    const tools = hasPackage ? project : join(place, 'tools');
    mkdirSync(tools, { recursive: true });
    if (!hasPackage) installPackage(tools);

    const named = Object.entries(variables).map(([key, value]) => [`TF_VAR_${key}`, value]);
    const whole = cleanEnvironment(place, { ...env, ...Object.fromEntries(named) });
    const directory = isProgram ? join(project, 'cdktf.out', 'stacks', 'home-lab') : project;
    const example = new HclExample(directory, engine, whole, run);
    const command = join(tools, 'node_modules', 'portforward', 'dist', 'provider', 'cli', 'main.js');
    await example.command([process.execPath, command, 'terraform', 'install'], tools);
    if (isProgram) await example.command(['npm', 'run', 'synth'], project);
    await example.succeed('init');
    return example;
  }

  /** Runs the engine; its status is for the caller to judge. */
  async terraform(...args: readonly string[]): Promise<{ code: number | null; output: string }> {
    const argv = [hclEngine(this.engine) ?? this.engine, ...args];
    const { code, stdout, stderr } = await this.run(argv, { cwd: this.directory, env: this.env });
    return { code, output: stdout + stderr };
  }

  /** Runs the engine, which has to end with status 0. */
  async succeed(...args: readonly string[]): Promise<string> {
    const { code, output } = await this.terraform(...args);
    if (code !== 0) throw new Error(`${this.engine} ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }

  private async command(argv: readonly string[], cwd: string): Promise<void> {
    const { code, stdout, stderr } = await this.run(argv, { cwd, env: this.env });
    if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  }
}

/** Nothing of the user's own set-up, and no home but `home`. */
export function cleanEnvironment(home: string, more: Where['env'] = {}): Where['env'] {
  return {
    HOME: home,
    TF_CLI_CONFIG_FILE: undefined,
    XDG_DATA_HOME: undefined,
    XDG_CONFIG_HOME: undefined,
    CHECKPOINT_DISABLE: '1',
    TF_INPUT: '0',
    TF_CLI_ARGS: '-no-color',
    ...more,
  };
}

export async function runHere(argv: readonly string[], { cwd, env }: Where): Promise<Ended> {
  const [command, ...args] = argv as [string, ...string[]];
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = Promise.all(
    [child.stdout, child.stderr].map(async (stream) => (await stream.toArray()).join('')),
  );
  const [code] = (await once(child, 'close')) as [number | null];
  const [stdout = '', stderr = ''] = await output;
  return { code, stdout, stderr };
}
