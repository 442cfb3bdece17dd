import type { Entry, GatewayInfo } from '../backends/backend';
import { hasCode, PortforwardError } from '../rule/error';
import { splitId } from '../rule/identity';
import { possibleState, putAnswer } from './answer';
import type { Waiting } from './batch';
import type { Connection } from './connection';
import { otherDevice } from './device';
import { cancelled, sameFailure, withState } from './failures';
import type { Intent, Task } from './intent';
import type { Looks } from './look';
import type { Memory } from './memory';
import { describe, namedTwice, RuleName, ruleName } from './messages';
import type { Clock, SessionOptions } from './options';
import { standing } from './ownership';
import { misfit, unfit } from './preview';
import { type Outcome, reconcile } from './reconcile';
import { renewalIsDue } from './renewal';
import type { RuleState } from './state';
import { task } from './wanted';
import type { Warnings } from './warnings';

/** Carries out one batch of writes: refuses what cannot be, reconciles the rest, answers each caller on its own. */
export class Writer {
  constructor(
    private readonly options: SessionOptions,
    private readonly clock: Clock,
    private readonly connection: Connection,
    private readonly looks: Looks,
    private readonly memory: Memory,
    private readonly warnings: Warnings,
  ) {}

  async write(batch: readonly Waiting<RuleState | null>[], signal: AbortSignal): Promise<void> {
    this.looks.drop();
    const info = await this.connection.info(signal);
    this.tellProblems(info);
    const callers = new Map<Task, Waiting<RuleState | null>>();
    for (const waiting of batch) {
      const refusal = this.refusal(waiting.intent, info);
      if (refusal) waiting.reject(refusal);
      else callers.set(task(waiting.intent, info.capabilities), waiting);
    }
    if (callers.size === 0) return;
    const { owner, gatewayName } = this.options;
    const { known, held, declared } = this.memory;
    const done = await reconcile([...callers.keys()], {
      connection: this.connection,
      clock: this.clock,
      situation: { owner, gatewayName, known, held, declared },
      device: info.device,
      handles: () => this.memory.handles(),
      signal,
      renewing: ({ intent }) => intent.recorded !== null && renewalIsDue(intent.recorded, this.wall()),
      takesOver: (one, entry) => this.tellLoser(one.intent.id, entry),
      abandoned: (one) => callers.get(one)?.gone ?? true,
      sending: (one) => {
        const caller = callers.get(one);
        if (caller) caller.begun = true;
      },
    });
    this.looks.drop();
    if (done.look) this.looks.remember(done.look);
    for (const [one, outcome] of done.outcomes) {
      const caller = callers.get(one);
      if (caller) this.answer(one, outcome, caller, info);
    }
  }

  /** What a caller is told who gives up a write; where it may have been made, with the state to record. */
  givenUp(intent: Intent, begun: boolean): PortforwardError {
    const error = cancelled(begun);
    const info = this.connection.known;
    if (!begun || !info || intent.kind === 'delete') return error;
    return withState(error, possibleState(intent, [], true, info, this.options));
  }

  /** Says once what is wrong with the gateway as a whole. */
  tellProblems({ problems }: GatewayInfo): void {
    for (const { code, message, hint } of problems) {
      this.warnings.once(`problem ${code}`, `Gateway "${this.options.gatewayName}": ${message} ${hint}`);
    }
  }

  /** What forbids a write before anything is looked at. */
  private refusal(intent: Intent, info: GatewayInfo): PortforwardError | null {
    const { owner, gatewayName } = this.options;
    if (splitId(intent.id)?.owner === owner) this.memory.meet(intent.id);
    if (intent.recorded) {
      this.memory.record(intent.id, intent.recorded);
      const other = otherDevice(intent.id, intent.recorded, info, this.options);
      if (other) return other;
    }
    if (intent.kind === 'delete') {
      this.memory.declared.delete(intent.id);
      return null;
    }
    if (intent.kind === 'create' && this.memory.isCreated(intent.id)) return namedTwice(intent.id);
    return unfit(info, gatewayName) ?? misfit(intent, info, gatewayName);
  }

  private answer(one: Task, outcome: Outcome, caller: Waiting<RuleState | null>, info: GatewayInfo): void {
    const { intent } = one;
    for (const copy of outcome.claim?.copies ?? []) this.tellCopy(intent.id, copy);
    if (intent.kind === 'delete') {
      if (!outcome.failure) this.memory.forget(intent.id);
      if (outcome.failure) caller.reject(sameFailure(outcome.failure));
      else caller.resolve(null);
      return;
    }
    this.memory.declare(intent.id, intent.rule.forward);
    const answer = putAnswer({ ...one, intent }, outcome, info, this.options, this.wall());
    if (answer instanceof PortforwardError) {
      if (hasCode(answer, 'blocked')) this.memory.hold(intent.id, null);
      caller.reject(answer);
    } else {
      // If nobody heard of it, the same create may come again.
      this.memory.hold(intent.id, caller.gone ? null : answer);
      caller.resolve(answer);
    }
  }

  private wall(): number {
    return this.clock.wall?.() ?? Date.now();
  }

  /**
   * Whoever loses entries is asked for in the same run, as a rule: it moves or goes. One that this run never met may be
   * declared elsewhere, and nobody else would tell.
   */
  private tellLoser(winner: string, entry: Entry): void {
    const { owner } = this.options;
    const whose = standing(entry, owner, this.memory.known);
    if (whose.kind !== 'owned' || this.memory.known.has(whose.mark)) return;
    this.warnings.once(
      `loser ${whose.id}`,
      `${RuleName(whose.id)} had ${describe(entry)} and loses it to ${ruleName(winner)}. If this run does not move or remove it, it is declared elsewhere under the owner "${owner}" (another state, or left out as no target), and will want it back.`,
      { loser: whose.id },
    );
  }

  private tellCopy(id: string, copy: Entry): void {
    this.warnings.once(
      `copy ${copy.handle}`,
      `The gateway holds a copy of an entry of ${ruleName(id)} that was not written by us: ${describe(copy)}. It is left alone; remove it on the gateway if it is not wanted.`,
    );
  }
}
