import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PortforwardError } from '../../provider/rule/error';
import type { Engine, EngineRun, ExtraRule } from './engine';
import { withoutOwn } from './own-environment';
import { copyProject, type Project } from './project';
import type { World } from './world';

export interface PulumiOptions {
  /** Directory of the CLI. */
  readonly bin: string;
  readonly world: Pick<World, 'run' | 'directory' | 'example' | 'settings' | 'environment'>;
  /** Where the example is. Default: this package's root. */
  readonly root?: string;
}

const STACK = 'tour';

/** The real Pulumi CLI with a file backend of its own: no login, no network, no trace in the user's `~/.pulumi`. */
export class PulumiEngine implements Engine {
  private constructor(
    readonly title: string,
    private readonly options: PulumiOptions,
    private readonly project: Project,
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {}

  /** Throws `unsupported` when the CLI does not run. */
  static async start(options: PulumiOptions): Promise<PulumiEngine> {
    const { bin, world, root } = options;
    const { directory, example, settings, environment } = world;
    const [state, home, work] = [
      join(directory, 'state'),
      join(directory, 'home'),
      join(directory, 'project'),
    ];
    for (const path of [state, home, work]) mkdirSync(path, { recursive: true, mode: 0o700 });
    const project = copyProject(work, example.pulumi, root);
    const lines = Object.entries(settings).map(
      ([key, value]) => `  ${project.name}:${key}: ${JSON.stringify(value)}\n`,
    );
    writeFileSync(join(work, `Pulumi.${STACK}.yaml`), `config:\n${lines.join('')}`);
    const env = {
      ...withoutOwn(/^PULUMI_/),
      ...environment,
      PATH: `${bin}:${process.env.PATH ?? ''}`,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_HOME: home,
      PULUMI_CONFIG_PASSPHRASE: 'tour',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      // Types of the examples are checked by the tests; here it would double the time of every command.
      PULUMI_NODEJS_TRANSPILE_ONLY: 'true',
      NO_COLOR: '1',
    };
    const version = await world.run([join(bin, 'pulumi'), 'version'], { cwd: work, env });
    const engine = new PulumiEngine(
      `Pulumi ${version.stdout.trim().replace(/^v/, '')}`,
      options,
      project,
      env,
    );
    const init = await engine.pulumi('stack', 'init', STACK);
    if (version.code === 0 && init.code === 0) return engine;
    throw new PortforwardError(
      'unsupported',
      `Pulumi does not run here: ${(version.stderr + init.output).trim()}`,
    );
  }

  preview(): Promise<EngineRun> {
    return this.pulumi('preview', '--diff');
  }

  up(options: { readonly refresh?: boolean } = {}): Promise<EngineRun> {
    return this.pulumi(
      'up',
      '--yes',
      '--skip-preview',
      ...(options.refresh ? ['--refresh', '--run-program'] : []),
    );
  }

  drift(): Promise<EngineRun> {
    return this.pulumi('preview', '--refresh', '--run-program', '--diff');
  }

  destroy(): Promise<EngineRun> {
    return this.pulumi('destroy', '--yes', '--skip-preview', '--run-program');
  }

  async declare(extra: ExtraRule): Promise<string> {
    return this.project.add(extra);
  }

  async withdraw(): Promise<void> {
    this.project.restore();
  }

  private async pulumi(...args: readonly string[]): Promise<EngineRun> {
    const quiet = ['--non-interactive', '--color', 'never'];
    const { code, stdout, stderr } = await this.options.world.run(
      [join(this.options.bin, 'pulumi'), ...args, ...quiet],
      { cwd: this.project.directory, env: this.env },
    );
    return { command: `pulumi ${args.join(' ')}`, code, output: [stdout, stderr].filter(Boolean).join('\n') };
  }
}
