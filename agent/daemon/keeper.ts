import { PortforwardError } from '../../provider/rule/error';
import type { WantedWire } from '../api/wire';
import type { Kernel, KernelEntry, KernelTable } from '../kernel/kernel';
import { compare, type Drift, holds, NO_DRIFT } from './drift';

/** Tries to put the table back within one round; somebody who flushes in a loop must not keep us in one. */
const ATTEMPTS = 5;

export interface KeeperOptions {
  readonly kernel: Kernel;
  readonly log: (line: string) => void;
  /** Waits this many milliseconds; for tests. */
  readonly wait?: (ms: number) => Promise<void>;
  readonly now?: () => Date;
}

/** Keeps the kernel what the state says: restores, mends a foreign flush, applies a change, and knows the drift. */
export class Keeper {
  /** How the kernel differed from what was wanted when it was last looked at. */
  drift: Drift = NO_DRIFT;
  healed: { readonly count: number; readonly last: string | null } = { count: 0, last: null };
  /** True while another program keeps flushing what we restore. */
  contested = false;

  constructor(private readonly options: KeeperOptions) {}

  /** Reads the kernel; a table that is gone is restored first. Ends with `drift` up to date. */
  async look(wanted: readonly WantedWire[]): Promise<KernelTable> {
    const { kernel, log, wait = delay, now = () => new Date() } = this.options;
    let table = await kernel.read();
    for (let attempt = 1; !table.intact; attempt += 1) {
      if (attempt > ATTEMPTS) {
        this.contested = true;
        log(`another program removed the table ${ATTEMPTS} times in a row; trying again later`);
        throw new PortforwardError(
          'refused',
          'Another program on the gateway removes the forwards as often as they are restored.',
          {
            hint: 'Stop the program there that flushes nftables in a loop, then run again.',
            retryable: true,
          },
        );
      }
      if (attempt > 1) await wait(20 * 2 ** attempt);
      await kernel.restore(enabled(wanted));
      this.healed = { count: this.healed.count + 1, last: now().toISOString() };
      log(`the table was gone: restored ${enabled(wanted).length} entries`);
      table = await kernel.read();
    }
    this.contested = false;
    this.drift = compare(wanted, table);
    return table;
  }

  /** Makes the table whole without asking why: at start, and when the WAN interfaces changed. */
  async restore(wanted: readonly WantedWire[]): Promise<void> {
    await this.options.kernel.restore(enabled(wanted));
    this.drift = NO_DRIFT;
  }

  /**
   * One transaction. When nft refuses, the kernel is looked at again: a flush in between is mended, a change by hand is
   * written afresh, and the transaction is tried once more; otherwise the kernel is left as it was before.
   * Nothing is touched before `save` has resolved; where that rejects, its error is thrown.
   */
  async apply(
    before: readonly WantedWire[],
    after: readonly WantedWire[],
    touched: ReadonlySet<string>,
    save: () => Promise<void>,
  ) {
    try {
      await this.transaction(before, after, touched, save);
    } catch (first) {
      await save();
      const known = this.drift;
      const table = await this.settle(before, after, touched);
      if (table && sameDrift(known, this.drift)) throw first;
      try {
        await this.transaction(before, after, touched, save);
      } catch (second) {
        await this.settle(before, after, touched);
        throw second;
      }
    }
    const { changed, lost, stray } = this.drift;
    const rest = (tag: string) => !touched.has(tag);
    this.drift = {
      changed: new Set([...changed].filter(rest)),
      lost: new Set([...lost].filter(rest)),
      stray: new Map([...stray].filter(([tag]) => rest(tag))),
    };
  }

  /**
   * After a transaction of which nobody knows whether it happened: back to `before`, with the cuts that this needs.
   * Returns the table, or null if it had to be restored whole.
   */
  async settle(
    before: readonly WantedWire[],
    after: readonly WantedWire[],
    touched: ReadonlySet<string>,
  ): Promise<KernelTable | null> {
    const mended = this.healed.count;
    const table = await this.look(before);
    if (this.healed.count !== mended) return null;
    if (!fits(table, after, touched) || fits(table, before, touched)) return table;
    await this.options.kernel
      .apply(enabled(after), enabled(before), new Set())
      .catch(() => this.options.kernel.restore(enabled(before)));
    this.drift = NO_DRIFT;
    return table;
  }

  /** What somebody changed by hand and this batch does not name stays as it is. */
  private async transaction(
    before: readonly WantedWire[],
    after: readonly WantedWire[],
    touched: ReadonlySet<string>,
    save: () => Promise<void>,
  ) {
    const { changed, lost, stray } = this.drift;
    const strays = [...stray.values()].filter(({ tag }) => touched.has(tag));
    const there = enabled(before).filter(({ tag }) => !lost.has(tag));
    const strayTags = new Set(strays.map(({ tag }) => tag));
    const wanted = enabled(after).filter(({ tag }) => !lost.has(tag) || touched.has(tag));
    const rewrite = new Set([...touched].filter((tag) => changed.has(tag) || strayTags.has(tag)));
    await this.options.kernel.apply(
      [...there, ...strays.map(({ tag, forward }) => ({ tag, forward }))],
      wanted,
      rewrite,
      save,
    );
  }
}

/** The kernel's part of the entries: enabled ones. */
export function enabled(entries: readonly WantedWire[]): readonly KernelEntry[] {
  return entries.filter(({ forward }) => forward.enabled);
}

function fits(table: KernelTable, entries: readonly WantedWire[], touched: ReadonlySet<string>): boolean {
  const wanted = new Map(
    entries.filter(({ forward }) => forward.enabled).map((entry) => [entry.tag, entry] as const),
  );
  const live = new Map(table.ours.map((entry) => [entry.tag, entry]));
  return [...touched].every((tag) => {
    const want = wanted.get(tag);
    const have = live.get(tag);
    return want === undefined ? have === undefined : have !== undefined && holds(want, have);
  });
}

function sameDrift(a: Drift, b: Drift): boolean {
  const text = ({ changed, lost, stray }: Drift) =>
    JSON.stringify([[...changed].sort(), [...lost].sort(), [...stray.keys()].sort()]);
  return text(a) === text(b);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
