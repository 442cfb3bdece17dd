import { missingForPulumi } from '../../../support/needs';
import { providersOf } from '../../support/processes';
import { PulumiProject, type Run } from '../../support/pulumi';
import type { Action, Place, Program, Surroundings } from '../case';
import { inputsOf } from '../rules';
import type { Door, Ended, Planned, Project } from './door';

const TYPE = 'pulumi-nodejs:dynamic/portforward:PortForwardRule';

const ACTIONS: Readonly<Record<string, Action>> = {
  create: 'create',
  update: 'update',
  delete: 'delete',
  replace: 'replace',
};

/** The real engine. */
export const pulumi: Door = {
  name: 'pulumi',
  missing: missingForPulumi(),
  spell: (property) => property,
  open: async (devices, surroundings) => new CliProject(await PulumiProject.create(), devices, surroundings),
};

class CliProject implements Project {
  private learnt = true;

  constructor(
    private readonly project: PulumiProject,
    private readonly devices: readonly Readonly<Record<string, unknown>>[],
    private readonly surroundings: Surroundings,
  ) {}

  declare(program: Program, { device, ...place }: Place): void {
    this.learnt = false;
    const rules = Object.entries(program).map(([address, declared]) => {
      const inputs: Record<string, unknown> = { ...inputsOf(address, declared, this.surroundings) };
      const values = Object.entries(inputs).map(([property, value]) => {
        const text = JSON.stringify(value);
        const late = (declared.late as readonly string[] | undefined)?.includes(property);
        return `${property}: ${late ? `late(${text})` : text}`;
      });
      const options = declared.after
        ? `gateway, dependsOn: rules[${JSON.stringify(declared.after)}]`
        : 'gateway';
      const name = JSON.stringify(address);
      return `rules[${name}] = new PortForwardRule(${name}, { ${values.join(', ')} }, { ${options} });\n`;
    });
    this.project.write(`
      const pulumi = require('@pulumi/pulumi');
      const { unknown } = require('@pulumi/pulumi/output');
      const { Gateway, PortForwardRule } = require('portforward');
      const gateway = new Gateway(${JSON.stringify(place.name)}, ${JSON.stringify({ ...this.devices[device], ...place })});
      const late = (value) => pulumi.output(process.env.LATE === 'unknown' ? unknown : value);
      const rules = {};
      ${rules.join('')}
    `);
  }

  async plan(): Promise<Planned> {
    this.project.env = { ...this.project.env, LATE: this.learnt ? 'known' : 'unknown' };
    const { code, output } = await this.project.run('preview', '--refresh', '--run-program', '--json');
    if (code !== 0) return { refused: said(output) };
    const { steps = [] } = JSON.parse(output.slice(output.indexOf('{'))) as {
      steps?: { op: string; urn: string }[];
    };
    const changes = steps
      .filter(({ op, urn }) => urn.includes(`::${TYPE}::`) && op in ACTIONS)
      .map(({ op, urn }) => [urn.slice(urn.lastIndexOf('::') + 2), ACTIONS[op] as Action]);
    return { changes: Object.fromEntries(changes) };
  }

  apply(): Promise<Ended> {
    return this.ended(this.up().ended);
  }

  destroy(): Promise<Ended> {
    return this.ended(this.project.run('destroy', '--yes', '--skip-preview', '--run-program'));
  }

  import(address: string, id: string): Promise<Ended> {
    return this.ended(
      this.project.run('import', TYPE, address, id, '--yes', '--skip-preview', '--generate-code=false'),
    );
  }

  async interrupted(
    how: 'cancelled' | 'killed',
    reached: Promise<void>,
    release: () => Promise<void>,
  ): Promise<void> {
    const { child, pid, ended } = this.up();
    await reached;
    if (how === 'cancelled') {
      const heard = new Promise<void>((resolve) => {
        for (const stream of [child.stdout, child.stderr])
          stream?.on('data', (data) => void (/cancel/i.test(String(data)) && resolve()));
      });
      process.kill(pid, 'SIGINT');
      await heard;
      await release();
      await ended;
      return;
    }
    for (const provider of providersOf(this.project.directory.path)) process.kill(provider, 'SIGKILL');
    await ended;
    await release();
  }

  async close(): Promise<void> {
    this.project.remove();
  }

  private up() {
    this.learnt = true;
    this.project.env = { ...this.project.env, LATE: 'known' };
    return this.project.start(
      'up',
      '--yes',
      '--skip-preview',
      '--refresh',
      '--run-program',
      '--parallel',
      '64',
    );
  }

  private async ended(run: Promise<Run>): Promise<Ended> {
    const { code, output } = await run;
    return code === 0 ? null : said(output);
  }
}

/** The words of an output in one line, whether it came as JSON or for people. */
function said(output: string): string {
  return output.replaceAll('\\"', '"').replace(/\\n|\s+/g, ' ');
}
