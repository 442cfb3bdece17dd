import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { copyExample } from '../support/copied-example';
import { type Runner, runHere } from '../support/hcl-example';
import { pulumiBin } from '../support/needs';

interface Settings {
  readonly name: string;
  /** It is copied to a directory below. */
  readonly place: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: Runner;
}

/** One of the projects in examples/, copied out with the packed package, run by the real CLI. */
export class Example {
  private readonly directory: string;
  private readonly env: Readonly<Record<string, string>>;
  private readonly run: Runner;

  private constructor({ name, place, env, run = runHere }: Settings) {
    this.run = run;
    this.directory = join(place, 'examples', name);
    copyExample(name, this.directory);
    const home = join(place, 'pulumi');
    mkdirSync(join(home, 'state'), { recursive: true });
    this.env = {
      PATH: `${pulumiBin()}:${process.env.PATH}`,
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${join(home, 'state')}`,
      PULUMI_CONFIG_PASSPHRASE: 'test',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      NO_COLOR: '1',
      ...env,
    };
  }

  static async start(settings: Settings): Promise<Example> {
    const example = new Example(settings);
    await example.succeed('stack', 'init', 'dev');
    return example;
  }

  /** Runs a command; its status is for the caller to judge. */
  async pulumi(...args: readonly string[]): Promise<{ code: number | null; output: string }> {
    const argv = ['pulumi', ...args, '--non-interactive'];
    const { code, stdout, stderr } = await this.run(argv, { cwd: this.directory, env: this.env });
    return { code, output: stdout + stderr };
  }

  /** Runs a command that has to end with status 0. */
  async succeed(...args: readonly string[]): Promise<string> {
    const { code, output } = await this.pulumi(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }
}
