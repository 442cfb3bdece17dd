import { cidrContains, parseAddress, parseCidr } from '../../provider/rule/address';
import { PortforwardError } from '../../provider/rule/error';
import type { Forward, Protocol } from '../../provider/rule/rule';
import type { BlockedWire, CountersWire } from '../api/wire';
import type { Facts, ForeignForward, Kernel, KernelEntry, LiveEntry } from './kernel';

/** What a practice machine looks like; every fact can be changed later through `tamper.setFacts`. */
export const PRACTICE_FACTS: Facts = {
  wans: [{ name: 'wan0', addresses: ['198.51.100.1'] }],
  lans: ['192.168.50.0/24', '2001:db8:50::/64'],
  own: ['198.51.100.1', '192.168.50.1', '2001:db8:50::1'],
  ipForward: { v4: true, v6: true },
  nft: 'none: the table is in memory and moves no packets',
  listeners: [],
  problems: [],
};

/** One connection attempt, for `tamper.connect`: what the kernel would see arriving from outside. */
export interface Attempt {
  readonly protocol: Protocol;
  readonly port: number;
  /** Address of the client. */
  readonly from: string;
  /** Name of the WAN or address it arrives at; default the first WAN's. A pinhole is reached by its own address. */
  readonly to?: string;
}

export type Outcome =
  | { readonly reached: 'host'; readonly address: string; readonly port: number }
  | { readonly reached: 'gateway'; readonly port: number }
  | { readonly reached: 'nobody'; readonly because: 'no entry' | 'sources' | 'blocked' };

/** The hands of somebody else on the same machine: everything that can happen to a kernel table behind our back. */
export interface Tamper {
  /** `nft flush ruleset`: our table is gone. */
  flush(): void;
  /** Changes one entry of ours by hand; the tag stays. */
  change(tag: string, forward: Partial<Forward>): void;
  /** Deletes one entry of ours by hand. */
  remove(tag: string): void;
  /** Adds an entry that carries a tag of ours. */
  add(entry: KernelEntry): void;
  /** Adds something to one entry that our words cannot express; null takes it away. */
  restrict(tag: string, restriction: string | null): void;
  /** A firewall in front drops what every entry admits; null lets it through. */
  block(blocked: BlockedWire | null): void;
  /** Another program's forward. */
  addForeign(forward: ForeignForward): void;
  removeForeign(handle: string): void;
  setFacts(facts: Partial<Facts>): void;
  /** The next `count` calls of this method throw. */
  fail(method: 'read' | 'apply' | 'restore' | 'facts', error: Error, count?: number): void;
  /** Awaited in the middle of every apply and restore, before anything changes; null = no wait. */
  hold(gate: (() => Promise<void>) | null): void;
  /** Runs after every restore, as a program that flushes whenever it sees our table. */
  afterRestore(action: (() => void) | null): void;
  /** Where a connection would end, counted as the kernel counts. */
  connect(attempt: Attempt): Outcome;
  /** What the kernel holds of other programs, to compare before and after. */
  foreign(): readonly ForeignForward[];
  /** Tags that `apply` was told to write afresh, all calls so far. */
  readonly rewritten: readonly string[];
  /** How often each method was called. */
  readonly calls: Readonly<Record<'read' | 'apply' | 'restore' | 'facts', number>>;
}

export interface MemoryKernel extends Kernel {
  readonly tamper: Tamper;
}

interface Cell {
  forward: Forward;
  restriction: string | null;
  counters: { connections: number; denied: number };
}

/**
 * A kernel table in memory, for machines without network namespaces and for tests. It obeys the same seam as the
 * nftables one and moves no packets. `facts` replaces single facts of {@link PRACTICE_FACTS}.
 */
export function memoryKernel(facts: Partial<Facts> = {}): MemoryKernel {
  return new TableInMemory({ ...PRACTICE_FACTS, ...facts });
}

class TableInMemory implements MemoryKernel, Tamper {
  readonly tamper: Tamper = this;
  readonly rewritten: string[] = [];
  readonly calls = { read: 0, apply: 0, restore: 0, facts: 0 };
  private readonly cells = new Map<string, Cell>();
  private readonly others = new Map<string, ForeignForward>();
  private readonly watchers = new Set<(what: 'ruleset' | 'addresses') => void>();
  private readonly failures: { method: string; error: Error }[] = [];
  private intact = false;
  private epoch = 0;
  private blocked: BlockedWire | null = null;
  private gate: (() => Promise<void>) | null = null;
  private restored: (() => void) | null = null;

  constructor(private known: Facts) {}

  async facts() {
    this.enter('facts');
    return this.known;
  }

  async read() {
    this.enter('read');
    const ours = [...this.cells].map(([tag, cell]): LiveEntry => {
      const forward = { ...cell.forward, enabled: true, description: '' };
      return { tag, forward, restriction: cell.restriction, blocked: this.blocked };
    });
    return { intact: this.intact, ours, foreign: [...this.others.values()] };
  }

  async restore(entries: readonly KernelEntry[]): Promise<void> {
    this.enter('restore');
    await this.gate?.();
    if (!this.intact) this.epoch += 1;
    const kept = new Map(this.cells);
    this.cells.clear();
    for (const entry of entries) this.cells.set(entry.tag, cellOf(entry, kept.get(entry.tag)));
    this.intact = true;
    this.restored?.();
  }

  async apply(
    before: readonly KernelEntry[],
    after: readonly KernelEntry[],
    rewrite: ReadonlySet<string>,
    meanwhile?: () => Promise<void>,
  ) {
    this.enter('apply');
    await meanwhile?.();
    await this.gate?.();
    if (!this.intact)
      throw new PortforwardError('refused', 'No such file or directory: table inet portforward is gone.');
    const old = new Map(before.map((entry) => [entry.tag, entry]));
    const wanted = new Map(after.map((entry) => [entry.tag, entry]));
    for (const tag of old.keys()) if (!wanted.has(tag)) this.cells.delete(tag);
    for (const [tag, entry] of wanted) {
      const was = old.get(tag);
      const same = was !== undefined && JSON.stringify(was.forward) === JSON.stringify(entry.forward);
      if (!same || rewrite.has(tag)) this.cells.set(tag, cellOf(entry, this.cells.get(tag)));
    }
    this.rewritten.push(...rewrite);
  }

  async counters() {
    const byTag = new Map<string, CountersWire>();
    for (const [tag, cell] of this.cells) byTag.set(tag, { ...cell.counters });
    return { epoch: `memory-${this.epoch}`, byTag };
  }

  async watch(onChange: (what: 'ruleset' | 'addresses') => void): Promise<() => Promise<void>> {
    this.watchers.add(onChange);
    return async () => void this.watchers.delete(onChange);
  }

  async close(): Promise<void> {
    this.watchers.clear();
  }

  flush(): void {
    this.cells.clear();
    this.others.clear();
    this.intact = false;
    this.tell('ruleset');
  }

  change(tag: string, forward: Partial<Forward>): void {
    const cell = this.cell(tag);
    cell.forward = { ...cell.forward, ...forward };
    this.tell('ruleset');
  }

  remove(tag: string): void {
    this.cells.delete(this.cell(tag) && tag);
    this.tell('ruleset');
  }

  add(entry: KernelEntry): void {
    this.cells.set(entry.tag, cellOf(entry, undefined));
    this.tell('ruleset');
  }

  restrict(tag: string, restriction: string | null): void {
    this.cell(tag).restriction = restriction;
    this.tell('ruleset');
  }

  block(blocked: BlockedWire | null): void {
    this.blocked = blocked;
    this.tell('ruleset');
  }

  addForeign(forward: ForeignForward): void {
    this.others.set(forward.handle, forward);
    this.tell('ruleset');
  }

  removeForeign(handle: string): void {
    this.others.delete(handle);
    this.tell('ruleset');
  }

  setFacts(facts: Partial<Facts>): void {
    this.known = { ...this.known, ...facts };
    this.tell('addresses');
  }

  fail(method: 'read' | 'apply' | 'restore' | 'facts', error: Error, count = 1): void {
    for (let left = count; left > 0; left -= 1) this.failures.push({ method, error });
  }

  hold(gate: (() => Promise<void>) | null): void {
    this.gate = gate;
  }

  afterRestore(action: (() => void) | null): void {
    this.restored = action;
  }

  foreign(): readonly ForeignForward[] {
    return [...this.others.values()];
  }

  connect(attempt: Attempt): Outcome {
    const denied: Cell[] = [];
    for (const cell of this.cells.values()) {
      const port = this.internalPort(cell.forward, attempt);
      if (port === null) continue;
      if (!admits(cell.forward.sources, attempt.from)) {
        denied.push(cell);
        continue;
      }
      cell.counters.connections += 1;
      if (this.blocked) return { reached: 'nobody', because: 'blocked' };
      const { target } = cell.forward;
      return target.kind === 'gateway'
        ? { reached: 'gateway', port }
        : { reached: 'host', address: target.address, port };
    }
    for (const cell of denied) cell.counters.denied += 1;
    return { reached: 'nobody', because: denied.length > 0 ? 'sources' : 'no entry' };
  }

  /** The internal port of the attempt if the entry takes it, else null. */
  private internalPort(forward: Forward, attempt: Attempt): number | null {
    const first = this.known.wans[0];
    const to = attempt.to ?? first?.addresses[0] ?? '';
    if (forward.target.kind === 'host' && forward.target.family === 6) {
      if (to !== forward.target.address) return null;
    } else {
      const wan = this.known.wans.find(({ name, addresses }) => name === to || addresses.includes(to));
      if (wan === undefined) return null;
      if (forward.wan !== null && forward.wan !== wan.name && forward.wan !== to) return null;
    }
    for (const { protocol, ports } of forward.traffic) {
      if (protocol !== attempt.protocol) continue;
      const span = ports.find(({ from, to: last }) => from <= attempt.port && attempt.port <= last);
      if (span) return span.target + attempt.port - span.from;
    }
    return null;
  }

  private cell(tag: string): Cell {
    const cell = this.cells.get(tag);
    if (cell === undefined) throw new Error(`the table in memory holds no entry ${tag}`);
    return cell;
  }

  private enter(method: 'read' | 'apply' | 'restore' | 'facts'): void {
    this.calls[method] += 1;
    const index = this.failures.findIndex((failure) => failure.method === method);
    if (index >= 0) throw this.failures.splice(index, 1)[0]?.error;
  }

  private tell(what: 'ruleset' | 'addresses'): void {
    for (const watcher of [...this.watchers]) watcher(what);
  }
}

function cellOf({ forward }: KernelEntry, old: Cell | undefined): Cell {
  return { forward, restriction: null, counters: old?.counters ?? { connections: 0, denied: 0 } };
}

function admits(sources: readonly string[] | null, from: string): boolean {
  const address = parseAddress(from);
  if (address === null) throw new Error(`not an address: ${from}`);
  return (
    sources === null ||
    sources.some((text) => {
      const cidr = parseCidr(text);
      return cidr !== null && cidrContains(cidr, address);
    })
  );
}
