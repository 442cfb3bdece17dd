import { makeTag, parseTag, tagOf } from '../../../provider/rule/identity';
import { normalise } from '../../../provider/rule/normalise';
import type { Device } from '../../contract/harness';
import { type Act, HOME, type Place, type Program, type Refusal, type Step } from './case';
import type { Door, Ended, Planned, Project } from './doors/door';
import { type Gateway, surroundingsOf } from './gateways';
import { learnt } from './merge';
import { inputsOf } from './rules';
import { expectStanding } from './standing';

/** Entries of ours on each device after a step, byte for byte but for their handles. */
export type Tables = readonly (readonly string[])[];

/** Plays the steps through one door on fresh devices; answers the tables after each. */
export async function play(
  gateway: Gateway,
  door: Door,
  steps: readonly Step[],
  hear: (step: number) => void = () => undefined,
): Promise<readonly Tables[]> {
  const count = steps.some(({ on }) => on?.device === 1) ? 2 : 1;
  const devices = await Promise.all(Array.from({ length: count }, () => gateway.harness.start()));
  const killed = steps.some(({ run }) => run === 'killed');
  const reached = devices.map((device) => device.reachedBy ?? {});
  const project = await door.open(reached, surroundingsOf(gateway), killed);
  try {
    const run = new Played(gateway, door, devices, project);
    const tables: Tables[] = [];
    for (const [index, step] of steps.entries()) {
      hear(index);
      tables.push(await run.step(step));
    }
    return tables;
  } finally {
    await project.close();
    for (const device of devices) await device.stop();
  }
}

class Played {
  private program: Program = {};
  private place: Place = HOME;
  private readonly standing: { owner: string; program: Program }[];

  constructor(
    private readonly gateway: Gateway,
    private readonly door: Door,
    private readonly devices: readonly Device[],
    private readonly project: Project,
  ) {
    this.standing = devices.map(() => ({ owner: HOME.owner, program: {} }));
  }

  async step(step: Step): Promise<Tables> {
    for (const act of step.behind ?? []) await this.act(act);
    const foreign = await this.foreign();
    this.program = step.program ?? learnt(this.program);
    this.place = { ...this.place, ...step.on };
    this.project.declare(this.program, this.place);
    if (step.plan) this.judge(await this.project.plan(), step.plan);
    const refused = step.plan !== undefined && 'refused' in step.plan;
    if (step.run !== null && !refused) await this.run(step);
    await this.expectTables(step, refused || step.refused !== undefined);
    const left = await this.foreign();
    if (step.adopts) expect(left).toHaveLength(foreign.length - 1);
    expect(step.adopts ? foreign : left).toEqual(expect.arrayContaining(step.adopts ? left : foreign));
    return Promise.all(this.devices.map(ours));
  }

  private async run({ run = 'apply', refused, plan }: Step): Promise<void> {
    if (run === 'cancelled' || run === 'killed') return this.interrupted(run);
    const ended = await this.ended(run);
    if (refused) return this.expectRefused(ended, refused);
    expect(ended).toBeNull();
    if (plan || typeof run === 'object') expect(await this.project.plan()).toEqual({ changes: {} });
  }

  private ended(run: Step['run']): Promise<Ended> {
    if (typeof run === 'object' && run !== null) return this.project.import(run.import, run.id);
    return run === 'destroy' ? this.project.destroy() : this.project.apply();
  }

  private async interrupted(how: 'cancelled' | 'killed'): Promise<void> {
    let reached = (): void => {};
    const arrived = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const lift = await this.device.inject({ kind: 'hold', reached });
    await this.project.interrupted(how, arrived, lift);
    // The dead confirm nothing.
    if (how === 'killed' && this.gateway.harness.trials) await this.device.trialEnds();
  }

  private judge(planned: Planned, said: NonNullable<Step['plan']>): void {
    if ('changes' in said) expect(planned).toEqual({ changes: said.changes });
    else this.expectRefused('refused' in planned ? planned.refused : null, said.refused);
  }

  private expectRefused(ended: Ended, { property, words }: Refusal): void {
    expect(ended).not.toBeNull();
    const wanted = property === undefined ? words : [...words, this.door.spell(property)];
    for (const word of wanted) expect(ended).toContain(word);
  }

  private async expectTables({ stands, run }: Step, failed: boolean): Promise<void> {
    const { device, owner } = this.place;
    if (run !== null && !failed && stands === undefined)
      this.standing[device] = { owner, program: this.program };
    for (const [index, one] of this.devices.entries()) {
      const now = this.standing[index] ?? { owner, program: {} };
      this.standing[index] = { owner: now.owner, program: stands?.[index] ?? now.program };
      await expectStanding(this.gateway, one, now.owner, this.standing[index]?.program ?? {});
    }
  }

  private get device(): Device {
    return this.devices[this.place.device] as Device;
  }

  private async act(act: Act): Promise<void> {
    const forward = (address: string, rule: Program[string]) =>
      normalise(inputsOf(address, rule, surroundingsOf(this.gateway))).forward;
    if ('foreign' in act) {
      await this.device.addForeign(forward('foreign', act.foreign));
      return;
    }
    if ('left' in act) {
      const id = `${this.place.owner}/${act.left}`;
      const wanted = forward(act.left, act.rule);
      await this.device.addOurs(makeTag(id, wanted, 0), id, wanted);
      this.standing[this.place.device] = { owner: this.place.owner, program: { [act.left]: act.rule } };
      return;
    }
    const name = 'tamper' in act ? act.tamper : act.vanish;
    const mark = tagOf(`${this.place.owner}/${name}`);
    const entries = (await this.device.snapshot()).filter(({ tag }) => parseTag(tag ?? '')?.rule === mark);
    if (entries.length === 0) throw new Error(`there is no entry of ${name}`);
    if ('vanish' in act) for (const { handle } of entries) await this.device.vanish(handle);
    else await this.device.tamper(entries[0]?.handle ?? '', act.change);
  }

  private async foreign(): Promise<readonly string[]> {
    const tables = await Promise.all(this.devices.map((device) => device.snapshot()));
    return tables.flatMap((table, index) =>
      table.filter(({ tag }) => tag === null).map(({ handle, text }) => `${index} ${handle} ${text}`),
    );
  }
}

async function ours(device: Device): Promise<readonly string[]> {
  const entries = (await device.snapshot()).filter(({ tag }) => tag !== null);
  return entries.map(({ tag, text }) => `${tag} ${text}`).sort();
}
