import { type ChildProcess, execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { copyExample } from '../../support/copied-example';
import { pulumiBin } from '../../support/needs';
import { ProgramDirectory, UserDirectory } from './package';

export interface Run {
  readonly code: number;
  /** Both streams as a person sees them. */
  readonly output: string;
}

export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly initErrors?: string[];
}

const RULE = 'pulumi-nodejs:dynamic/portforward:PortForwardRule';

/** A program, a stack in a file backend of its own, and the real CLI. */
export class PulumiProject {
  /** Environment of every command from now on. */
  env: NodeJS.ProcessEnv;

  private constructor(readonly directory: UserDirectory) {
    const home = join(this.directory.path, '.pulumi-home');
    mkdirSync(join(home, 'state'), { recursive: true });
    this.env = {
      ...process.env,
      PATH: [pulumiBin(), process.env.PATH].join(delimiter),
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${join(home, 'state')}`,
      PULUMI_CONFIG_PASSPHRASE: 'test',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      NO_COLOR: '1',
    };
  }

  static create(project = 'shop', packageJson: object = {}): Promise<PulumiProject> {
    const directory = new ProgramDirectory(packageJson);
    directory.write('Pulumi.yaml', `name: ${project}\nruntime: nodejs\n`);
    return PulumiProject.start(directory);
  }

  /** One of the projects in examples/, copied out with the packed package. */
  static example(name: string): Promise<PulumiProject> {
    const directory = new UserDirectory();
    copyExample(name, directory.path);
    return PulumiProject.start(directory);
  }

  private static async start(directory: UserDirectory): Promise<PulumiProject> {
    const created = new PulumiProject(directory);
    await created.succeed('stack', 'init', 'dev');
    return created;
  }

  write(program: string, file = 'index.js'): void {
    this.directory.write(file, program);
  }

  /** Starts a command, for callers who kill it; a killed one ends with code -1. */
  start(...args: string[]): {
    readonly pid: number;
    readonly child: ChildProcess;
    readonly ended: Promise<Run>;
  } {
    const options = { cwd: this.directory.path, env: this.env, maxBuffer: 1e8 };
    let end = (_run: Run) => {};
    const ended = new Promise<Run>((resolve) => {
      end = resolve;
    });
    const child = execFile('pulumi', [...args, '--non-interactive'], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      end({ code, output: stdout + stderr });
    });
    return { pid: child.pid as number, child, ended };
  }

  /** Runs a command; the exit code is for the caller to judge. */
  run(...args: string[]): Promise<Run> {
    return this.start(...args).ended;
  }

  /** Runs a command that has to end with exit 0. */
  async succeed(...args: string[]): Promise<string> {
    const { code, output } = await this.run(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }

  /** `up` without a preview before it: tests that look at previews run one. */
  up(...args: string[]): Promise<string> {
    return this.succeed('up', '--yes', '--skip-preview', ...args);
  }

  preview(...args: string[]): Promise<Run> {
    return this.run('preview', '--diff', ...args);
  }

  /** Exit 0 only when an `up` would change nothing. */
  async unchanged(...args: string[]): Promise<void> {
    await this.succeed('preview', '--diff', '--expect-no-changes', ...args);
  }

  refresh(...args: string[]): Promise<string> {
    return this.succeed('refresh', '--yes', '--skip-preview', '--run-program', ...args);
  }

  destroy(...args: string[]): Promise<string> {
    return this.succeed('destroy', '--yes', '--skip-preview', '--run-program', ...args);
  }

  /** The state as the backend keeps it, text and all. */
  exported(): Promise<string> {
    return this.succeed('stack', 'export');
  }

  async rules(): Promise<Resource[]> {
    const { deployment } = JSON.parse(await this.exported());
    return (deployment.resources ?? []).filter((resource: Resource) => resource.type.endsWith(RULE));
  }

  remove(): void {
    this.directory.remove();
  }
}
