import { setImmediate as breathe } from 'node:timers/promises';
import type {
  Change,
  ChangeResult,
  GatewayInfo,
  ManagementPort,
  Problem,
  Table,
} from '../../../provider/backends/backend';
import { collision } from '../../../provider/rule/conflicts';
import { PortforwardError } from '../../../provider/rule/error';
import { countEntries } from '../../../provider/rule/expand';
import type { Forward } from '../../../provider/rule/rule';
import { MemoryClient } from './client';
import { type MemoryFaults, noFaults } from './faults';
import { type MemoryKind, rich } from './kinds';
import { type MemoryRecord, markOf, takes, toEntry } from './record';

export interface MemoryGatewayOptions {
  readonly kind?: MemoryKind;
  /** Prefixes that targets may lie in. Default: any. */
  readonly lans?: readonly string[];
  readonly wans?: GatewayInfo['wans'];
  readonly management?: readonly ManagementPort[];
  readonly problems?: readonly Problem[];
  /** Milliseconds, for leases. Default: the system's clock. */
  readonly now?: () => number;
}

/** One change that was made to the table. */
export interface MemoryOperation {
  readonly op: Change['op'];
  readonly handle: string;
  readonly tag: string | null;
  /** Changes of one transaction share its number. */
  readonly transaction: number;
  /** Whether it was on trial at first. */
  readonly trial: boolean;
}

/** Changes that are taken back unless the login that made them confirms them. */
interface Trial {
  readonly session: symbol;
  readonly before: ReadonlyMap<string, MemoryRecord>;
}

let made = 0;

/**
 * A gateway that lives in this process: for tests, and for trying the session without any device. It forwards nothing.
 * `faults` makes it misbehave; the methods below change its table as another program would.
 */
export class MemoryGateway {
  readonly faults: MemoryFaults = noFaults();
  readonly log: MemoryOperation[] = [];
  readonly counts = { logins: 0, lists: 0, applies: 0, confirms: 0 };
  readonly kind: MemoryKind;
  private identity = newIdentity();
  private table = new Map<string, MemoryRecord>();
  private generation = 1;
  private nextHandle = 1;
  private transactions = 0;
  private sessions = new Set<symbol>();
  private trial: Trial | null = null;
  private late: { calls: number; commit: () => void } | null = null;

  constructor(private readonly options: MemoryGatewayOptions = {}) {
    this.kind = options.kind ?? rich;
  }

  /** A client with a login of its own. */
  connect(): MemoryClient {
    return new MemoryClient(this);
  }

  /** The table as it is, without asking as a client would. */
  get records(): readonly MemoryRecord[] {
    this.expire();
    return [...this.table.values()];
  }

  /** Puts in an entry that is not ours. */
  addForeign(
    forward: Forward,
    extra: { readonly restriction?: string; readonly changeable?: boolean; readonly mark?: string } = {},
  ): string {
    const { restriction = null, changeable = true, mark = 'made by hand' } = extra;
    return this.insert({ mark, forward, restriction, changeable, expires: null });
  }

  /** Puts in an entry under a tag of ours, as a process that crashed afterwards left it. */
  addOurs(tag: string, id: string, forward: Forward): string {
    return this.addForeign(forward, { mark: markOf(tag, id, this.kind.markLength) });
  }

  /** Changes an entry behind our back. */
  tamper(handle: string, change: Partial<Forward> & { readonly restriction?: string }): void {
    const { restriction, ...forward } = change;
    this.replaceRecord(handle, (record) => ({
      ...record,
      forward: { ...record.forward, ...forward },
      restriction: restriction ?? record.restriction,
    }));
  }

  /** Lets an entry expire at another time (milliseconds) than was granted. */
  shorten(handle: string, expires: number): void {
    this.replaceRecord(handle, (record) => ({ ...record, expires }));
  }

  /** Removes an entry behind our back. */
  vanish(handle: string): void {
    this.table.delete(handle);
    this.generation += 1;
  }

  /** Clones an entry, mark and all. */
  copy(handle: string, change: Partial<Forward>): string {
    const record = this.find(handle);
    if (!record) throw new Error(`no entry ${handle}`);
    return this.insert({ ...record, forward: { ...record.forward, ...change } });
  }

  /** Off and on again: logins are void, what is not permanent is lost. */
  restart(): void {
    this.expireLogins();
    for (const { handle, expires } of this.table.values()) if (expires !== null) this.table.delete(handle);
    this.generation += 1;
  }

  /** The logins held so far are void. */
  expireLogins(): void {
    this.sessions.clear();
  }

  /** Another device answers from now on, with an empty table. */
  replace(): void {
    this.restart();
    this.identity = newIdentity();
    this.table.clear();
  }

  /** What a client gets for its credential. */
  async login(signal: AbortSignal): Promise<symbol> {
    await this.answerTime(signal);
    this.counts.logins += 1;
    if (this.faults.refuseLogin) {
      throw new PortforwardError('credential', 'The gateway refused the login.', {
        hint: 'Check the password.',
      });
    }
    const session = Symbol('login');
    this.sessions.add(session);
    return session;
  }

  isLoggedIn(session: symbol | null): boolean {
    return session !== null && this.sessions.has(session);
  }

  logout(session: symbol): void {
    // Nobody could confirm it any more.
    if (this.trial?.session === session) this.trialEnds();
    this.sessions.delete(session);
  }

  async describe(signal: AbortSignal): Promise<GatewayInfo> {
    await this.answerTime(signal);
    const { wans = null, lans = null, management = [], problems = [] } = this.options;
    return {
      product: 'gateway in memory',
      device: this.identity,
      capabilities: this.kind.capabilities,
      wans,
      lans,
      management,
      problems,
    };
  }

  async list(recorded: readonly string[], signal: AbortSignal): Promise<Table> {
    this.counts.lists += 1;
    await this.answerTime(signal);
    this.expire();
    const hidden = this.faults.hideUnasked;
    const all = [...this.table.values()];
    const shown = hidden ? all.filter(({ handle }) => recorded.includes(handle)) : all;
    return {
      generation: this.kind.generations ? String(this.generation) : null,
      entries: shown.map((record) => toEntry(record, this.faults, this.now())),
      ...(hidden ? { complete: false } : {}),
    };
  }

  /** Makes what this login has on trial stay. Comes over a new connection, and fails where none gets through. */
  async confirm(session: symbol | null, signal: AbortSignal): Promise<'confirmed' | 'nothing'> {
    this.counts.confirms += 1;
    await this.answerTime(signal);
    if (this.faults.confirmUnheard > 0) {
      this.faults.confirmUnheard -= 1;
      throw new PortforwardError('unreachable', 'The connection was refused.', { retryable: true });
    }
    const cut = this.faults.cutsWay;
    if (this.records.some(({ forward }) => [...cut].some((port) => takes(forward, port)))) {
      throw new PortforwardError('unreachable', 'No new connection gets through.', { retryable: true });
    }
    if (this.faults.confirmLate > 0) {
      this.faults.confirmLate -= 1;
      this.trialEnds();
    }
    if (this.trial?.session !== session) return 'nothing';
    this.trial = null;
    return 'confirmed';
  }

  /** Takes back at once what this login has on trial. */
  async rollback(session: symbol | null, signal: AbortSignal): Promise<void> {
    await this.answerTime(signal);
    if (this.trial?.session === session) this.trialEnds();
  }

  /** The time for confirming is over: what is on trial is taken back. */
  trialEnds(): void {
    if (!this.trial) return;
    this.table = new Map(this.trial.before);
    this.trial = null;
    this.generation += 1;
  }

  /** Waits for the end of what another login has on trial. */
  async othersTrial(session: symbol, signal: AbortSignal): Promise<void> {
    while (this.trial && this.trial.session !== session) {
      if (signal.aborted) throw new PortforwardError('timeout', 'The gateway is busy: changes are on trial.');
      await nap();
    }
  }

  /** `trial` = the login that will confirm it; null = final. */
  async apply(
    changes: readonly Change[],
    generation: string | null,
    signal: AbortSignal,
    trial: symbol | null = null,
  ): Promise<readonly ChangeResult[]> {
    this.counts.applies += 1;
    this.faults.beforeApply?.();
    await this.answerTime(signal);
    if (this.kind.generations && generation !== String(this.generation)) {
      throw new PortforwardError('stale', 'The table has changed since it was read.', { retryable: true });
    }
    if (this.faults.loseRequests > 0) {
      this.faults.loseRequests -= 1;
      throw noAnswer();
    }
    if (this.faults.commitLate > 0) {
      this.late = { calls: this.faults.commitLate, commit: () => void this.commit(changes) };
      this.faults.commitLate = 0;
      throw noAnswer();
    }
    if (trial) this.trial = { session: trial, before: new Map(this.table) };
    const results = this.kind.capabilities.atomic ? this.commit(changes) : await this.oneByOne(changes);
    if (this.faults.loseAnswers > 0) {
      this.faults.loseAnswers -= 1;
      throw noAnswer();
    }
    return results;
  }

  private commit(changes: readonly Change[]): readonly ChangeResult[] {
    const refusals = changes.map((change) => this.refusal(change));
    if (refusals.some((words) => words !== null)) {
      if (this.faults.nameless)
        throw new PortforwardError('refused', 'Some change of the batch is not acceptable.');
      return refusals.map((words) =>
        words === null ? { status: 'skipped' } : { status: 'refused', message: words },
      );
    }
    this.transactions += 1;
    return changes.map((change) => this.carryOut(change));
  }

  private async oneByOne(changes: readonly Change[]): Promise<readonly ChangeResult[]> {
    const results: ChangeResult[] = [];
    for (const change of changes) {
      const words = this.refusal(change);
      this.transactions += 1;
      results.push(words === null ? this.carryOut(change) : { status: 'refused', message: words });
      // Another client may come in between.
      await breathe();
    }
    return results;
  }

  private refusal(change: Change): string | null {
    if (change.op !== 'add' && !this.find(change.before.handle))
      return `no such entry: ${change.before.handle}`;
    if (change.op === 'remove') return this.faults.refuseRemovals;
    if (change.op === 'edit' && !change.before.changeable) return 'this entry cannot be changed';
    const { forward } = change.wanted;
    if (countEntries(forward, this.kind.capabilities) !== 1) return 'this does not fit into one entry';
    if (!this.kind.capabilities.overlap) {
      const own = change.op === 'edit' ? change.before.handle : null;
      const other = [...this.table.values()].find(
        (record) =>
          record.handle !== own && collision(record.forward, forward, this.kind.capabilities) !== null,
      );
      if (other) return `conflicts with line ${other.handle}`;
    }
    return [...this.faults.refuse].find(([port]) => takes(forward, port))?.[1] ?? null;
  }

  private carryOut(change: Change): ChangeResult {
    if (this.faults.doNothing) return { status: 'done', handle: null };
    const transaction = this.transactions;
    if (change.op === 'remove') {
      const { handle, tag } = change.before;
      this.vanish(handle);
      this.log.push({ op: 'remove', handle, tag, transaction, trial: this.trial !== null });
      return { status: 'done', handle };
    }
    const { tag, id, lease } = change.wanted;
    const forward: Forward = this.faults.ignoreSources
      ? { ...change.wanted.forward, sources: null }
      : change.wanted.forward;
    const fields = {
      mark: markOf(tag, id, this.kind.markLength),
      forward,
      restriction: null,
      changeable: true,
      expires: lease === null ? null : this.now() + lease * 1000,
    };
    let handle: string;
    if (change.op === 'add') handle = this.insert(fields);
    else {
      handle = change.before.handle;
      this.replaceRecord(handle, () => ({ ...fields, handle }));
    }
    this.log.push({ op: change.op, handle, tag, transaction, trial: this.trial !== null });
    return { status: 'done', handle };
  }

  private insert(fields: Omit<MemoryRecord, 'handle'>): string {
    const handle = String(this.nextHandle++);
    this.table.set(handle, { ...fields, handle });
    this.generation += 1;
    return handle;
  }

  private replaceRecord(handle: string, change: (record: MemoryRecord) => MemoryRecord): void {
    const record = this.table.get(handle);
    if (record) this.table.set(handle, change(record));
    this.generation += 1;
  }

  private find(handle: string): MemoryRecord | undefined {
    return this.table.get(handle);
  }

  private now(): number {
    return this.options.now?.() ?? Date.now();
  }

  private expire(): void {
    const now = this.now();
    for (const { handle, expires } of this.table.values()) {
      if (expires !== null && expires <= now) this.table.delete(handle);
    }
  }

  /** What every request goes through: a device far away, slow, or not there at all. */
  private async answerTime(signal: AbortSignal): Promise<void> {
    await breathe();
    if (this.late && this.late.calls-- <= 1) {
      const { commit } = this.late;
      this.late = null;
      commit();
    }
    if (this.faults.unreachable) {
      throw new PortforwardError('unreachable', 'Nothing answers.', {
        hint: 'Is the gateway on?',
        retryable: true,
      });
    }
    const until = performance.now() + this.faults.delay;
    while (performance.now() < Math.min(until, Number.MAX_VALUE) && this.faults.delay > 0) {
      if (signal.aborted) throw noAnswer();
      await nap();
    }
  }
}

/** Short naps instead of one long timer: the switch may be turned back at any time, and no timer outlives its call. */
function nap(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2));
}

function noAnswer(): PortforwardError {
  return new PortforwardError('timeout', 'The gateway did not answer in time.', { retryable: true });
}

function newIdentity(): string {
  made += 1;
  return `memory-${made}`;
}
