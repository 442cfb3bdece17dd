import type { ChildProcess } from 'node:child_process';
import { snake } from '../../../../provider/terraform/schema/names';
import { type HclEngine, missingForEngine } from '../../../support/needs';
import { AttachedProvider } from '../../support/attached-provider';
import { block, provider } from '../../support/hcl-suite';
import { familyOf } from '../../support/processes';
import { servedKind } from '../../support/served/kind';
import { plain, TerraformProject } from '../../support/terraform';
import type { Action, Place, Program, Surroundings } from '../case';
import { inputsOf } from '../rules';
import type { Door, Ended, Planned, Project } from './door';

const ACTIONS: Readonly<Record<string, Action>> = {
  create: 'create',
  update: 'update',
  delete: 'delete',
  'delete+create': 'replace',
  'create+delete': 'replace',
};

/** Terraform or OpenTofu, with the provider of this tree in this process, or started where it shall be killed. */
export function hclDoor(engine: HclEngine): Door {
  return {
    name: engine,
    missing: missingForEngine(engine),
    spell: snake,
    async open(devices, surroundings, killed) {
      const attached = await AttachedProvider.start([servedKind]);
      const project = new TerraformProject(engine, killed ? {} : { env: attached.env });
      return new HclProject(project, attached, devices, surroundings);
    },
  };
}

class HclProject implements Project {
  private declared = 0;

  constructor(
    private readonly project: TerraformProject,
    private readonly attached: AttachedProvider,
    private readonly devices: readonly Readonly<Record<string, unknown>>[],
    private readonly surroundings: Surroundings,
  ) {}

  declare(program: Program, { device, ...place }: Place): void {
    this.declared += 1;
    const rules = Object.entries(program).map(([address, declared]) => this.rule(address, declared));
    const late = Object.entries(program).flatMap(([address, declared]) =>
      (declared.late ?? []).map((property) => [`${address} ${property}`, declared[property]]),
    );
    // Made anew in the next apply, so that the plan before it does not know what it says.
    const input = { triggers_replace: this.declared, input: Object.fromEntries(late) };
    const learnt = late.length > 0 ? block('resource "terraform_data" "late"', input) : '';
    const gateway = provider(snaked({ ...this.devices[device], ...place }));
    this.project.write('main.tf', [gateway, learnt, ...rules].join(''));
  }

  async plan(): Promise<Planned> {
    const { code, output } = await this.project.run('plan', '-out=planned');
    if (code !== 0) return { refused: plain(output) };
    const rules = (await this.project.planned()).filter(({ address }) => address.startsWith(RULE));
    return {
      changes: Object.fromEntries(
        rules.map(({ address, actions }) => [
          address.slice(RULE.length),
          ACTIONS[actions.join('+')] as Action,
        ]),
      ),
    };
  }

  apply(): Promise<Ended> {
    return this.ended('apply', '-auto-approve');
  }

  destroy(): Promise<Ended> {
    return this.ended('destroy', '-auto-approve');
  }

  import(address: string, id: string): Promise<Ended> {
    return this.ended('import', `${RULE}${address}`, id);
  }

  async interrupted(
    how: 'cancelled' | 'killed',
    reached: Promise<void>,
    release: () => Promise<void>,
  ): Promise<void> {
    const { child, ended } = this.project.start('apply', '-auto-approve');
    await reached;
    if (how === 'cancelled') {
      const heard = said(child, 'Interrupt received');
      child.kill('SIGINT');
      await heard;
      await release();
      await ended;
      return;
    }
    for (const pid of familyOf(child.pid as number).slice(1)) process.kill(pid, 'SIGKILL');
    await ended;
    await release();
    // Only who shall be killed has to be a process.
    this.project.env = this.attached.env;
  }

  async close(): Promise<void> {
    await this.attached.stop();
    this.project.remove();
  }

  private rule(address: string, declared: Program[string]): string {
    const inputs = inputsOf(address, declared, this.surroundings);
    const late = (declared.late ?? []).map((property) => [
      property,
      `= terraform_data.late.output[${JSON.stringify(`${address} ${property}`)}]`,
    ]);
    return block(`resource "portforward_rule" "${address}"`, {
      ...snaked({ ...inputs, ...Object.fromEntries(late) }),
      ...(declared.after ? { depends_on: `= [${RULE}${declared.after}]` } : {}),
    });
  }

  private async ended(...args: string[]): Promise<Ended> {
    const { code, output } = await this.project.run(...args);
    return code === 0 ? null : plain(output);
  }
}

const RULE = 'portforward_rule.';

function snaked(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [snake(name), value]));
}

function said(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve) => {
    let all = '';
    child.stdout?.on('data', (data) => {
      all += String(data);
      if (all.includes(words)) resolve();
    });
  });
}
