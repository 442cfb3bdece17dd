import { randomBytes } from 'node:crypto';
import { hasCode, PortforwardError } from '../../provider/rule/error';
import type { CountersWire } from '../api/wire';
import { blockedBy } from './admission';
import { type Compiled, compile, isSound, sameRules } from './compile';
import { concerned } from './concern';
import { Conntrack } from './conntrack';
import { decodeEntries } from './decode';
import { readFacts } from './facts';
import { planCut } from './flows';
import { foreignForwards } from './foreign';
import { readTables } from './foreign-tables';
import { readNetwork } from './ip';
import type { Facts, Kernel, KernelEntry, KernelTable } from './kernel';
import { type LiveTable, readTable } from './live-table';
import { splitCounter } from './names';
import type { Network } from './network';
import { holds, sameNetwork } from './network-sets';
import { type Listed, Nft } from './nft';
import { touched } from './scope';
import { type Command, networkCommands, transaction, wanNames, wholeTable } from './transaction';
import { Watch } from './watch';

export interface NftablesOptions {
  /** WAN interfaces; null = those with a default route, at any moment. */
  readonly wan: readonly string[] | null;
  /** The mark bit of what we admit. */
  readonly mark: number;
  /** Directory for batches, ours alone (0700). */
  readonly runtimeDirectory: string;
  /** Called while nft is busy and we are not. */
  readonly onWait?: () => void;
}

/** The kernel's own packet filter, through nft, conntrack and ip. One at a time: calls wait for each other. */
export class NftablesKernel implements Kernel {
  private readonly nft: Nft;
  private readonly conntrack: Conntrack;
  private readonly watches = new Set<Watch>();
  /** The network that our sets describe; null = not known to us. */
  private written: Network | null = null;
  /** Interfaces with a set of addresses of their own. */
  private named: ReadonlySet<string> = new Set();
  /** How the fixed part looked right after we wrote it. */
  private fingerprint: string | null = null;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: NftablesOptions) {
    this.nft = new Nft(options.runtimeDirectory, options.onWait);
    this.conntrack = new Conntrack(options.runtimeDirectory);
  }

  async facts(): Promise<Facts> {
    return readFacts(this.nft, this.options.wan, this.options.mark);
  }

  read(): Promise<KernelTable> {
    return this.inTurn(async () => {
      const { mark } = this.options;
      // What takes longest begins first.
      const reading = Promise.all([this.nft.listTable(), readTables(this.nft), this.network()]);
      this.options.onWait?.();
      const [listed, tables, network] = await reading;
      let live = readTable(listed);
      if (this.written && live.exists && !sameNetwork(this.written, network)) {
        // Where it fails the table is not as we wrote it, and that is the answer.
        await this.refresh(network).catch(onlyRefused);
        live = readTable(await this.nft.listTable());
      }
      return {
        intact: this.isIntact(live, network),
        ours: decodeEntries(live, mark).map((entry) => ({
          ...entry,
          blocked: blockedBy(entry.forward, tables, network, mark),
        })),
        foreign: foreignForwards(tables, network),
      };
    });
  }

  restore(entries: readonly KernelEntry[]): Promise<void> {
    return this.inTurn(async () => {
      const [network, listed] = await Promise.all([
        this.network(),
        // A table that this nft cannot list, written by a newer one: then it is written anew all the same.
        this.nft.listTable().catch((error): readonly Listed[] => {
          onlyRefused(error);
          return [];
        }),
      ]);
      await this.rewrite(entries, readTable(listed), network);
    });
  }

  apply(
    before: readonly KernelEntry[],
    after: readonly KernelEntry[],
    rewrite: ReadonlySet<string>,
    meanwhile: () => Promise<void> = async () => undefined,
  ): Promise<void> {
    return this.inTurn(async () => {
      const { mark } = this.options;
      const concern = concerned(before, after, rewrite);
      const believed = concern.before.filter(isSound);
      const afresh = new Set([
        ...rewrite,
        ...concern.before.filter((one) => !isSound(one)).map(({ tag }) => tag),
      ]);
      const plan: Plan = { from: compile(believed, mark), to: compile(concern.after, mark), afresh };
      let network = this.written ?? (await this.network());
      if (!(await this.applyToKnown(plan, network, meanwhile))) {
        await meanwhile();
        network = await this.network();
        await this.applyToLive(plan, network, concern.after, after);
      }
      await this.conntrack.cut(planCut(believed, concern.after, network, mark));
    });
  }

  async counters(): Promise<{ readonly epoch: string; readonly byTag: ReadonlyMap<string, CountersWire> }> {
    const { counters, epoch } = readTable(await this.nft.listCounters());
    const byTag = new Map<string, { connections: number; denied: number }>();
    for (const [name, { packets }] of counters) {
      const split = splitCounter(name);
      if (!split) continue;
      const found = byTag.get(split.tag) ?? { connections: 0, denied: 0 };
      byTag.set(split.tag, split.denied ? { ...found, denied: packets } : { ...found, connections: packets });
    }
    return { epoch: epoch ?? 'none', byTag };
  }

  async watch(onChange: (what: 'ruleset' | 'addresses') => void): Promise<() => Promise<void>> {
    const watch = await Watch.start({
      onRuleset: () => onChange('ruleset'),
      onAddresses: () => {
        this.inTurn(async () => {
          const network = await this.network();
          if (this.written && sameNetwork(this.written, network)) return false;
          if (this.written) await this.refresh(network);
          return true;
        }).then(
          (changed) => changed && onChange('addresses'),
          // The table is gone or not ours to write: whoever reads next sees it.
          () => onChange('addresses'),
        );
      },
    });
    this.watches.add(watch);
    return async () => {
      this.watches.delete(watch);
      await watch.stop();
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.watches].map((watch) => watch.stop()));
    this.watches.clear();
    await this.last.catch(() => undefined);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work, work);
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private network(): Promise<Network> {
    return readNetwork(this.options.wan);
  }

  private isIntact(live: LiveTable, network: Network): boolean {
    if (!live.plausible) return false;
    if (this.fingerprint !== null && live.fingerprint !== this.fingerprint) return false;
    return this.written === null || holds(live, network, this.named);
  }

  /** Writes the whole table, with the counters it had, and ends what `entries` no longer admit. */
  private async rewrite(entries: readonly KernelEntry[], live: LiveTable, network: Network): Promise<void> {
    const { mark } = this.options;
    const compiled = compile(entries, mark);
    const epoch = live.epoch ?? randomBytes(8).toString('hex');
    await this.send(wholeTable(compiled, network, { mark, epoch, seeds: live.counters }));
    this.written = network;
    this.named = new Set(wanNames(compiled, network));
    // It says nothing of the entries, so once is enough.
    this.fingerprint ??= readTable(await this.nft.listTable()).fingerprint;
    await this.conntrack.cut(planCut(decodeEntries(live, mark), entries, network, mark));
  }

  /** From what should be there; false where it is not so. The network may have changed since: it is read while nft checks. */
  private async applyToKnown(
    { from, to, afresh }: Plan,
    network: Network,
    meanwhile: () => Promise<void>,
  ): Promise<boolean> {
    if (afresh.size > 0) return false;
    try {
      await this.commit(transaction(from, to, network), to, network, async () => {
        const [now] = await Promise.all([this.network(), meanwhile()]);
        if (!sameNetwork(now, network)) throw new PortforwardError('refused', 'The addresses have changed.');
      });
      return true;
    } catch (error) {
      // Somebody changed our table by hand: start again from what is really there, once.
      onlyRefused(error);
      return false;
    }
  }

  /** From what the kernel really holds; only what differs between before and after, or is to be written afresh. */
  private async applyToLive(
    { from, to, afresh }: Plan,
    network: Network,
    concern: readonly KernelEntry[],
    after: readonly KernelEntry[],
  ): Promise<void> {
    const { mark } = this.options;
    const live = readTable(await this.nft.listTable());
    if (!this.isIntact(live, this.written ?? network)) return this.rewrite(after, live, network);
    const scope = touched(from, to, live, afresh);
    await this.commit(transaction(scope.present, scope.after, network), to, network);
    const changed = decodeEntries(live, mark).filter(
      ({ tag }) => afresh.has(tag) || !sameRules(from.chains.get(tag), to.chains.get(tag)),
    );
    await this.conntrack.cut(planCut(changed, concern, network, mark));
  }

  private async commit(
    commands: readonly Command[],
    to: Compiled,
    network: Network,
    meanwhile?: () => Promise<void>,
  ): Promise<void> {
    const moved = this.written === null || !sameNetwork(this.written, network);
    const all = moved ? [...networkCommands(network, [...this.named, ...to.wans]), ...commands] : commands;
    if (all.length === 0) return meanwhile?.();
    await this.send(all, meanwhile);
    this.written = network;
    this.named = new Set([...this.named, ...wanNames(to, network)]);
  }

  private async refresh(network: Network): Promise<void> {
    await this.send(networkCommands(network, this.named));
    this.written = network;
    this.named = new Set([...this.named, ...network.wans.map(({ name }) => name)]);
  }

  private async send(commands: readonly Command[], meanwhile?: () => Promise<void>): Promise<void> {
    const expected = [...this.watches].map((watch) => watch.expect());
    let happened = false;
    try {
      await this.nft.apply(commands, meanwhile);
      happened = true;
    } finally {
      for (const settle of expected) settle(happened);
    }
  }
}

function onlyRefused(error: unknown): void {
  if (!hasCode(error, 'refused')) throw error;
}

/** A change, as far as it concerns anything. */
interface Plan {
  readonly from: Compiled;
  readonly to: Compiled;
  /** Tags to write from what is really there. */
  readonly afresh: ReadonlySet<string>;
}
