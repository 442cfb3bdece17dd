import { PortforwardError } from '../../provider/rule/error';
import { MAX_BODY } from '../api/limits';
import { API_VERSION, PRODUCT } from '../api/version';
import type {
  BatchReply,
  BatchRequest,
  CountersReply,
  EntriesReply,
  ProblemWire,
  StatusReply,
  WantedWire,
} from '../api/wire';
import type { Facts, Kernel, KernelTable } from '../kernel/kernel';
import { generationOf, newLineage, type State } from '../store/state';
import type { Store } from '../store/store';
import { ChangeError } from './change-error';
import { entriesOf } from './entries';
import { Keeper } from './keeper';
import { type Plan, planBatch } from './plan';
import { Queue } from './queue';

export interface DaemonOptions {
  readonly kernel: Kernel;
  readonly kernelName: 'nftables' | 'memory';
  readonly store: Store;
  readonly version: string;
  /** TCP ports by which the gateway is managed. */
  readonly managementPorts: readonly number[];
  readonly maxRules: number;
  readonly log: (line: string) => void;
  /** Milliseconds between full compares of kernel and state; 0 = never. */
  readonly compareEvery: number;
  readonly now?: () => Date;
}

/** Batches that may wait; more means somebody floods the gateway. */
const MAX_WAITING = 100;

/** Milliseconds until the next look while looking fails or another program flushes in a loop. */
const RETRY = 5000;

/** All policy of the agent: the state is what is wanted, the kernel what is, and this keeps the one true to the other. */
export class Daemon {
  private readonly queue = new Queue();
  private readonly keeper: Keeper;
  private state: State = { lineage: newLineage(), number: 0, at: '', entries: [] };
  /** Why the state file cannot be trusted; null = it can. */
  private damage: string | null = null;
  private facts: Facts | null = null;
  private lookPlanned = false;
  private stopped = false;
  private unwatch: (() => Promise<void>) | null = null;
  private timer: NodeJS.Timeout | null = null;
  private retry: NodeJS.Timeout | null = null;

  constructor(private readonly options: DaemonOptions) {
    this.keeper = new Keeper(options);
  }

  /** Loads the state and makes the kernel true to it. Throws with the next step when nft or the rights are missing. */
  async start(): Promise<void> {
    await this.converge();
    const { kernel, compareEvery } = this.options;
    this.unwatch = await kernel.watch((what) => this.noticed(what));
    // Whatever happened before anybody watched.
    this.planLook(0);
    if (compareEvery > 0) {
      this.timer = setInterval(() => this.noticed('ruleset'), compareEvery);
      this.timer.unref();
    }
  }

  /**
   * Makes the kernel true to the state, once. `whole` = write everything afresh, changes by hand included; otherwise they
   * stay until a batch names them.
   */
  async converge(whole = false): Promise<void> {
    await this.queue.run(() => this.load(whole));
  }

  /** Why the state file cannot be trusted, as a problem with its next step; null = it can. */
  get damaged(): ProblemWire | null {
    return this.damage === null ? null : (this.ownProblems()[0] ?? null);
  }

  async status(): Promise<StatusReply> {
    return this.queue.run(async () => {
      const facts = await this.learn();
      const { changed, lost, stray } = this.keeper.drift;
      return {
        api: API_VERSION,
        product: PRODUCT,
        version: this.options.version,
        agentId: this.options.store.agentId,
        kernel: this.options.kernelName,
        state: this.damage === null ? 'ok' : 'damaged',
        generation: generationOf(this.state),
        entries: {
          wanted: this.state.entries.length,
          disabled: this.state.entries.filter(({ forward }) => !forward.enabled).length,
          drifted: changed.size + lost.size + stray.size,
        },
        limits: { rules: this.options.maxRules, body: MAX_BODY },
        wans: facts.wans,
        lans: facts.lans,
        addresses: facts.own,
        ipForward: facts.ipForward,
        nft: facts.nft,
        listeners: facts.listeners,
        management: this.options.managementPorts.map((port) => ({
          protocol: 'tcp' as const,
          port,
          service: port === 22 ? 'SSH' : 'management',
        })),
        healed: this.keeper.healed,
        generations: await this.options.store.generations(),
        problems: [...this.ownProblems(), ...facts.problems],
      };
    });
  }

  /** What the kernel holds, with the texts that only the state knows. */
  async entries(): Promise<EntriesReply> {
    return this.queue.run(async () => {
      // "Nothing is there" would be a lie on which rules could be deleted.
      this.requireTrust();
      const table = await this.keeper.look(this.state.entries);
      return { generation: generationOf(this.state), entries: entriesOf(this.state.entries, table) };
    });
  }

  /** All changes or none. `generation` = the caller's look. Throws `stale`, ChangeError, or what the kernel said. */
  async batch(generation: string, { changes }: BatchRequest): Promise<BatchReply> {
    if (this.queue.length > MAX_WAITING)
      throw new PortforwardError('refused', 'Too many requests wait on this gateway.', { retryable: true });
    return this.queue.run(async () => {
      this.requireTrust();
      const before = this.state;
      if (generation !== generationOf(before))
        throw new PortforwardError('stale', 'Somebody else changed the gateway since you looked.', {
          hint: 'Look again, then repeat the change.',
          retryable: true,
        });
      const started = performance.now();
      const plan = await this.plan(changes);
      const after: State = {
        lineage: before.lineage,
        number: before.number + 1,
        at: this.now().toISOString(),
        entries: plan.entries,
      };
      await this.commit(before, after, plan.touched);
      this.options.log(
        `batch of ${changes.length}: generation ${before.number} -> ${after.number}, ` +
          `${after.entries.length} entries, ${Math.round(performance.now() - started)} ms`,
      );
      return { generation: generationOf(after), handles: plan.handles };
    });
  }

  async counters(): Promise<CountersReply> {
    return this.queue.run(async () => {
      const { epoch, byTag } = await this.options.kernel.counters();
      return { epoch, byTag: Object.fromEntries(byTag) };
    });
  }

  /** Ends after the running request. The forwards stay in the kernel. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    if (this.retry) clearTimeout(this.retry);
    await this.unwatch?.();
    await this.queue.idle();
    await this.options.kernel.close();
    this.options.store.close();
  }

  private async load(whole: boolean): Promise<void> {
    const { store, kernel, log } = this.options;
    const loaded = await store.load();
    if (loaded.kind === 'damaged') {
      this.damage = loaded.reason;
      log(`the state file cannot be trusted: ${loaded.reason}; there are no forwards until it is repaired`);
      await this.keeper.restore([]);
      return;
    }
    this.state = loaded.state;
    const { entries } = this.state;
    if (loaded.pending !== null) {
      log('the last batch was cut off before it was confirmed: back to the generation before it');
      await this.keeper.settle(entries, loaded.pending.entries, differing(entries, loaded.pending.entries));
      await store.dropPending();
    }
    const table = await kernel.read();
    const wanted = new Set(entries.filter(({ forward }) => forward.enabled).map(({ tag }) => tag));
    const strange = table.ours.some(({ tag }) => !wanted.has(tag));
    // Nothing of it there is no change of an entry: another state was put in place, or the table of an empty one.
    const empty = wanted.size > 0 && !table.ours.some(({ tag }) => wanted.has(tag));
    if (whole || !table.intact || strange || empty) await this.keeper.restore(entries);
    else await this.keeper.look(entries);
    log(`generation ${this.state.number}: ${wanted.size} entries in the kernel`);
  }

  private async plan(changes: BatchRequest['changes']): Promise<Plan> {
    const attempt = (facts: Facts) =>
      planBatch(this.state.entries, changes, {
        network: facts,
        maxRules: this.options.maxRules,
      });
    const known = this.facts;
    if (known === null) return attempt(await this.learn());
    try {
      return attempt(known);
    } catch (error) {
      // What we know of the network may be old: nothing is refused on old knowledge.
      if (!(error instanceof ChangeError)) throw error;
      return attempt(await this.learn());
    }
  }

  /** Disk first, while the kernel checks; then kernel; then the rename that makes it current. */
  private async commit(before: State, after: State, touched: ReadonlySet<string>): Promise<void> {
    const { store } = this.options;
    let saved: Promise<void> | null = null;
    const save = () => (saved ??= store.writePending(after, before));
    try {
      await this.keeper.apply(before.entries, after.entries, touched, save);
    } catch (error) {
      await store.dropPending();
      throw error;
    }
    try {
      await store.commit();
    } catch (error) {
      await this.keeper.settle(before.entries, after.entries, touched);
      await store.dropPending();
      throw new PortforwardError(
        'refused',
        'The agent could not save its state; the forwards are as before.',
        {
          hint: `Look at the disk of ${store.directory}.`,
          cause: error,
        },
      );
    }
    this.state = after;
  }

  /** Somebody else changed something: at most one look waits at a time. */
  private noticed(what: 'ruleset' | 'addresses'): void {
    if (what === 'addresses') {
      void this.queue.run(() => this.relearn()).catch((error: unknown) => this.complain(error));
      return;
    }
    // While somebody flushes in a loop, every one of his flushes would bring us back at once.
    this.planLook(this.keeper.contested ? RETRY : 0);
  }

  private planLook(ms: number): void {
    if (this.lookPlanned || this.stopped) return;
    this.lookPlanned = true;
    if (ms > 0) this.retry = setTimeout(() => this.lookSoon(), ms).unref();
    else this.lookSoon();
  }

  private lookSoon(): void {
    void this.queue
      .run(async (): Promise<KernelTable> => {
        this.lookPlanned = false;
        return this.keeper.look(this.state.entries);
      })
      .catch((error: unknown) => {
        this.complain(error);
        this.planLook(RETRY);
      });
  }

  /** The default route may have moved to another interface, which our table names. */
  private async relearn(): Promise<void> {
    const before = this.facts?.wans.map(({ name }) => name).join(' ');
    const facts = await this.learn();
    const after = facts.wans.map(({ name }) => name).join(' ');
    if (before === undefined || before === after) return;
    this.options.log(`the WAN interfaces are now: ${after || 'none'}`);
    await this.keeper.restore(this.state.entries);
  }

  private async learn(): Promise<Facts> {
    this.facts = await this.options.kernel.facts();
    return this.facts;
  }

  private requireTrust(): void {
    const [problem] = this.ownProblems();
    if (this.damage !== null && problem)
      throw new PortforwardError('refused', problem.message, { hint: problem.hint });
  }

  private ownProblems(): ProblemWire[] {
    const problems: ProblemWire[] = [];
    const { directory } = this.options.store;
    if (this.damage !== null)
      problems.push({
        code: 'state-damaged',
        fatal: true,
        message: `The agent's state file ${directory}/state.json cannot be trusted: ${this.damage}. There are no forwards.`,
        hint:
          'Stop the agent there; portforward-agent status names the kept generations, ' +
          'portforward-agent restore --generation <number> makes one current, then start the agent.',
      });
    if (this.keeper.contested)
      problems.push({
        code: 'ruleset-contested',
        fatal: true,
        message: 'Another program on the gateway removes the forwards as often as they are restored.',
        hint: 'Stop the program there that flushes nftables in a loop.',
      });
    return problems;
  }

  private complain(error: unknown): void {
    this.options.log(error instanceof Error ? error.message : String(error));
  }

  private now(): Date {
    return this.options.now?.() ?? new Date();
  }
}

/** Tags that one of the two has and the other has not, or has otherwise. */
function differing(a: readonly WantedWire[], b: readonly WantedWire[]): ReadonlySet<string> {
  const texts = new Map(a.map((entry) => [entry.tag, JSON.stringify(entry.forward)]));
  const found = new Set(texts.keys());
  for (const { tag, forward } of b)
    if (texts.get(tag) === JSON.stringify(forward)) found.delete(tag);
    else found.add(tag);
  return found;
}
