import type { Backend, Entry, GatewayInfo } from '../backends/backend';
import { diff as differing } from '../rule/diff';
import { hasCode, PortforwardError } from '../rule/error';
import { ruleId, tagOf } from '../rule/identity';
import { normalise } from '../rule/normalise';
import type { Failure, LooseInputs, RuleInputs } from '../rule/rule';
import { never } from './abort';
import { liveState } from './answer';
import { Batches } from './batch';
import { systemClock } from './clock';
import { Connection, DEFAULT_TIMEOUT } from './connection';
import { otherDevice } from './device';
import { byMark } from './facts';
import { ownError } from './failures';
import type { PutIntent } from './intent';
import { Lane } from './lane';
import { type Look, Looks } from './look';
import { Memory } from './memory';
import { otherId, RuleName, ruleName } from './messages';
import type { Clock, SessionOptions } from './options';
import { misfits, NOTHING_MET, type Preview, readRule, whatIsMet } from './preview';
import { Shared } from './shared';
import type { RuleState } from './state';
import { keepsDisabled, recordedContents, task } from './wanted';
import { Warnings } from './warnings';
import { Writer } from './writer';

/**
 * One per gateway and process: turns an engine's parallel calls into one login, one look, one batch at a time.
 *
 * The way of a write: `batch.ts` collects, `writer.ts` refuses what cannot be, `reconcile.ts` goes round (look, plan, send)
 * until nothing is left to do, `answer.ts` tells each caller. A plan is pure: `claim.ts` finds what is the rule's own,
 * `rights.ts` settles who may have which ports, `changes.ts` puts the changes in order, `attempts.ts` tells what failed.
 * The way of a read: `look.ts` shares one look, `answer.ts` makes a state of it.
 */
export class Session {
  private readonly clock: Clock;
  private readonly connection: Connection;
  private readonly lane = new Lane();
  private readonly looks: Looks;
  private readonly batches: Batches<RuleState | null>;
  private readonly memory = new Memory();
  private readonly warnings: Warnings;
  private readonly writer: Writer;

  constructor(
    readonly backend: Backend,
    readonly options: SessionOptions,
  ) {
    this.clock = options.clock ?? systemClock;
    this.connection = new Connection(backend, this.clock, options.timeout ?? DEFAULT_TIMEOUT);
    this.warnings = new Warnings(options.warn);
    this.looks = new Looks(this.clock, (handles, signal, began) =>
      this.lane.run(async () => {
        began();
        const table = await this.connection.list(handles, signal);
        return { info: await this.connection.info(signal), table };
      }),
    );
    this.writer = new Writer(options, this.clock, this.connection, this.looks, this.memory, this.warnings);
    this.batches = new Batches(
      this.clock,
      this.lane,
      (intent, begun) => this.writer.givenUp(intent, begun),
      (batch, signal) => this.writer.write(batch, signal),
    );
  }

  /**
   * The second gate at preview: capabilities, LANs, WANs, foreign entries in the way, management guard, from one shared look.
   * A gateway that cannot be reached gives no failures but one warning. `recorded` = the rule's state when it exists.
   */
  async check(inputs: LooseInputs, recorded: RuleState | null): Promise<readonly Failure[]> {
    const { failures, unreachable } = await this.preview(inputs, recorded);
    if (unreachable) {
      const name = this.options.gatewayName;
      this.warnings.once('check', `Gateway "${name}" could not be looked at: ${unreachable.message}`);
    }
    return failures;
  }

  /** As `check`, with all that the look tells of what a write would meet. */
  async preview(
    inputs: LooseInputs,
    recorded: RuleState | null,
    signal: AbortSignal = never(),
  ): Promise<Preview> {
    const rule = readRule(inputs);
    if (rule) this.memory.declare(ruleId(this.options.owner, rule.name), rule.forward);
    let look: Look;
    try {
      look = await this.looks.forCheck(() => this.memory.handles(), signal);
    } catch (thrown) {
      return { ...NOTHING_MET, unreachable: ownError(thrown) };
    }
    this.writer.tellProblems(look.info);
    const failures = misfits(inputs, look.info, this.options.gatewayName);
    if (failures.length > 0 || !rule) return { ...NOTHING_MET, failures };
    for (const { code, message, hint } of look.info.advice?.(rule.forward) ?? [])
      this.warnings.once(`advice ${code} ${rule.name}`, `Rule "${rule.name}": ${message} ${hint}`);
    if (recorded) {
      // Under another owner or name its old entries are its own: they go before the new ones come.
      this.memory.meet(ruleId(recorded.owner, recorded.inputs.name));
      // What stays as it is, and where it is, has its ports already, and nothing will be written.
      const stays = recorded.endpoint === this.options.endpoint;
      if (stays && differing({ ...recorded.inputs }, inputs).length === 0) return NOTHING_MET;
    }
    const known = inputs as unknown as RuleInputs;
    const id = ruleId(this.options.owner, rule.name);
    const intent: PutIntent = { kind: recorded ? 'update' : 'create', id, inputs: known, rule, recorded };
    return whatIsMet(task(intent, look.info.capabilities), look, {
      owner: this.options.owner,
      gatewayName: this.options.gatewayName,
      known: this.memory.known,
      held: this.memory.held,
      declared: this.memory.declared,
    });
  }

  /** The run has to do with this rule of our owner: tells whose its entries are where the gateway has no room for that. */
  meet(id: string): void {
    this.memory.meet(id);
  }

  /** Whether the run has, by the mark of the rule. */
  hasMet(mark: string): boolean {
    return this.memory.known.has(mark);
  }

  /**
   * Creates the rule `<owner>/<inputs.name>`; takes its own equal entry, adopts on the user's word. Throws
   * PortforwardError; a PartialFailure where entries stay on the gateway, with the state to record.
   */
  async create(inputs: RuleInputs, signal: AbortSignal = never()): Promise<RuleState> {
    const rule = normalise(inputs);
    const id = ruleId(this.options.owner, rule.name);
    return this.put({ kind: 'create', id, inputs, rule, recorded: null }, signal);
  }

  /** The live rule, or null when it is gone. Disabled and absent is correct, not gone. */
  async read(recorded: RuleState, signal: AbortSignal = never()): Promise<RuleState | null> {
    // Another place: what is there says nothing of this state; the update that follows settles it.
    if (recorded.endpoint !== this.options.endpoint) return recorded;
    const id = ruleId(recorded.owner, recorded.inputs.name);
    if (recorded.owner === this.options.owner) this.memory.meet(id);
    this.memory.record(id, recorded);
    try {
      return await this.readFrom(id, recorded, signal);
    } catch (thrown) {
      if (this.options.unreachable !== 'keep' || !hasCode(thrown, 'unreachable', 'timeout')) throw thrown;
      const name = this.options.gatewayName;
      this.warnings.once(
        'keep',
        `Gateway "${name}" did not answer, so its rules are shown as they were recorded, unread: ${thrown.message}`,
      );
      return recorded;
    }
  }

  /** Makes the rule so, new entries before old ones go. On another endpoint than recorded it makes sure of it there. */
  async update(recorded: RuleState, inputs: RuleInputs, signal: AbortSignal = never()): Promise<RuleState> {
    const rule = normalise(inputs);
    const id = ruleId(this.options.owner, rule.name);
    if (id !== `${recorded.owner}/${recorded.inputs.name}`) throw otherId(id, recorded);
    const state = await this.put({ kind: 'update', id, inputs, rule, recorded }, signal);
    this.tellMoved(id, recorded);
    return state;
  }

  /** Removes the entries that still carry the rule's tag. Gone already is success. */
  async delete(recorded: RuleState, signal: AbortSignal = never()): Promise<void> {
    const id = ruleId(recorded.owner, recorded.inputs.name);
    await this.batches.submit({ kind: 'delete', id, recorded }, signal);
    this.tellMoved(id, recorded);
  }

  /** The whole table in one look, for `portforward list`. */
  async list(signal: AbortSignal = never()): Promise<readonly Entry[]> {
    const look = await this.looks.forRead(() => this.memory.handles(), signal);
    return look.table.entries;
  }

  /** The identity that the device told when it was reached; null = it tells none, undefined = not reached yet. */
  get device(): string | null | undefined {
    return this.connection.known?.device;
  }

  /** What the gateway says of itself; logs in if need be. */
  async info(signal: AbortSignal = never()): Promise<GatewayInfo> {
    const asking = (inner: AbortSignal): Promise<GatewayInfo> =>
      this.lane.run(() => this.connection.info(inner));
    return this.connection.known ?? new Shared(asking).wait(signal);
  }

  /**
   * The engine wants to end: writes that were not begun are cancelled, now and from now on; what was sent is finished, for an
   * answer is better than a guess.
   */
  stop(): void {
    this.batches.stop();
  }

  /** Waits for running batches, then logs out. A later call logs in again. */
  async close(): Promise<void> {
    await this.batches.finish();
    await this.lane.run(() => this.connection.close());
  }

  private async put(intent: PutIntent, signal: AbortSignal): Promise<RuleState> {
    const state = await this.batches.submit(intent, signal);
    if (!state)
      throw new PortforwardError('internal', `${RuleName(intent.id)} was answered without a state.`);
    return state;
  }

  private async readFrom(id: string, recorded: RuleState, signal: AbortSignal): Promise<RuleState | null> {
    const handles = (): readonly string[] => this.memory.handles();
    let look = await this.looks.forRead(handles, signal);
    const other = otherDevice(id, recorded, look.info, this.options);
    if (other) throw other;
    const mark = tagOf(id);
    const under = (): readonly Entry[] => byMark(look.table.entries).get(mark) ?? [];
    if (look.table.complete === false && under().length < recorded.entries.length) {
      const wanted = recorded.entries.map(({ handle }) => handle);
      look = await this.looks.including(handles, wanted, signal);
    }
    const { capabilities } = look.info;
    const wall = this.clock.wall?.() ?? Date.now();
    const contents = recordedContents(recorded, capabilities);
    const state = liveState(recorded, under(), contents, look.info, this.options.renewBefore, wall);
    if (!state && recorded.inputs.enabled === false && !keepsDisabled(capabilities))
      return { ...recorded, entries: [] };
    return state;
  }

  /** The rule came from another endpoint: unless that was the same device, its old entries are out of our reach. */
  private tellMoved(id: string, recorded: RuleState): void {
    const { endpoint } = this.options;
    const device = this.connection.known?.device ?? null;
    if (recorded.endpoint === endpoint || (device !== null && device === recorded.device)) return;
    this.warnings.say(
      `What ${ruleName(id)} left at ${recorded.endpoint} stays there: this gateway is now at ${endpoint}. Remove it on the old device.`,
    );
  }
}
