import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { findBundle, writeMirror } from '../../provider/cli/terraform-mirror';
import { PortforwardError } from '../../provider/rule/error';
import { packageRoot } from '../namespaces/compiled';
import type { Engine, EngineRun, ExtraRule } from './engine';
import type { HclEngine } from './find-hcl';
import { withoutOwn } from './own-environment';
import type { World } from './world';

export interface HclOptions {
  readonly name: HclEngine;
  readonly command: string;
  readonly world: Pick<World, 'run' | 'directory' | 'example' | 'settings' | 'environment'>;
  /** Where the package, its provider and the example are. Default: this package's root. */
  readonly root?: string;
}

/** Beside the example: whatever the story adds. */
const EXTRA = 'extra.tf';
const WIDE = '-parallelism=64';

const titles: Readonly<Record<HclEngine, string>> = { terraform: 'Terraform', tofu: 'OpenTofu' };

/** Terraform or OpenTofu, with the provider in a mirror of its own: no registry, no trace in the user's home. */
export class TerraformEngine implements Engine {
  private constructor(
    readonly title: string,
    private readonly options: HclOptions,
    private readonly project: string,
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {}

  /** Throws `unsupported` when the engine does not run, `internal` outside a clone or before the build. */
  static async start(options: HclOptions): Promise<TerraformEngine> {
    const { name, command, world, root = packageRoot() } = options;
    const { directory, example, settings, environment } = world;
    const [project, home, mirror] = ['project', 'home', 'mirror'].map((part) => join(directory, part)) as [
      string,
      string,
      string,
    ];
    for (const path of [project, home]) mkdirSync(path, { recursive: true, mode: 0o700 });
    const reference = join(root, example.hcl, 'main.tf');
    if (!existsSync(reference))
      throw new PortforwardError('internal', `${reference} does not exist.`, {
        hint: 'Run the tour in a clone of the project.',
      });
    cpSync(reference, join(project, 'main.tf'));
    const rc = join(directory, 'terraform.rc');
    writeMirror(mirror, findBundle(root));
    writeFileSync(
      rc,
      `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
    );
    const env = {
      ...withoutOwn(/^(TF_|TOFU_)/),
      ...environment,
      ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [`TF_VAR_${key}`, value])),
      // The provider is a script that asks for `node`: this one is known to be new enough.
      PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
      HOME: home,
      TF_CLI_CONFIG_FILE: rc,
      // Fewer hints for people at a prompt.
      TF_IN_AUTOMATION: '1',
      // No question over the network whether there is a newer version.
      CHECKPOINT_DISABLE: '1',
      NO_COLOR: '1',
    };
    const version = await world.run([command, 'version', '-json'], { cwd: project, env });
    const engine = new TerraformEngine(`${titles[name]} ${versionIn(version.stdout)}`, options, project, env);
    const init = await engine.hcl('init');
    if (version.code === 0 && init.code === 0) return engine;
    throw new PortforwardError(
      'unsupported',
      `${titles[name]} does not run here: ${[version.stderr, init.output].join('\n').trim()}`,
    );
  }

  preview(): Promise<EngineRun> {
    return this.hcl('plan', WIDE);
  }

  /** Every apply looks at the live gateway first. */
  up(): Promise<EngineRun> {
    return this.hcl('apply', '-auto-approve', WIDE);
  }

  /** Every plan does, too. */
  drift(): Promise<EngineRun> {
    return this.hcl('plan', WIDE);
  }

  destroy(): Promise<EngineRun> {
    return this.hcl('destroy', '-auto-approve', WIDE);
  }

  async declare({ name, externalPort, internalAddress }: ExtraRule): Promise<string> {
    const text = `resource "portforward_rule" "${name}" {
  name             = "${name}"
  external_port    = "${externalPort}"
  internal_address = "${internalAddress}"
}`;
    writeFileSync(join(this.project, EXTRA), `${text}\n`);
    return text;
  }

  async withdraw(): Promise<void> {
    rmSync(join(this.project, EXTRA));
  }

  private async hcl(...args: readonly string[]): Promise<EngineRun> {
    const { name, command, world } = this.options;
    const quiet = ['-input=false', '-no-color'];
    const { code, stdout, stderr } = await world.run([command, ...args, ...quiet], {
      cwd: this.project,
      env: this.env,
    });
    return {
      command: `${name} ${args.join(' ')}`,
      code,
      output: [stdout, stderr].filter(Boolean).join('\n'),
    };
  }
}

function versionIn(json: string): string {
  try {
    return JSON.parse(json).terraform_version;
  } catch {
    return '(of unknown version)';
  }
}
