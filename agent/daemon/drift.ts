import { equal } from '../../provider/rule/equal';
import type { WantedWire } from '../api/wire';
import { samePackets } from '../kernel/concern';
import type { KernelTable, LiveEntry } from '../kernel/kernel';

/** How the kernel differs from the wanted state, by tag. */
export interface Drift {
  /** Wanted and there, but changed by hand. */
  readonly changed: ReadonlySet<string>;
  /** Wanted and not there. */
  readonly lost: ReadonlySet<string>;
  /** There and not wanted. */
  readonly stray: ReadonlyMap<string, LiveEntry>;
}

export const NO_DRIFT: Drift = { changed: new Set(), lost: new Set(), stray: new Map() };

/** Compares what is enabled; a disabled entry in the kernel is a stray. */
export function compare(entries: readonly WantedWire[], table: KernelTable): Drift {
  const live = new Map(table.ours.map((entry) => [entry.tag, entry]));
  const changed = new Set<string>();
  const lost = new Set<string>();
  for (const wanted of entries) {
    if (!wanted.forward.enabled) continue;
    const found = live.get(wanted.tag);
    if (found === undefined) lost.add(wanted.tag);
    else if (!holds(wanted, found)) changed.add(wanted.tag);
    live.delete(wanted.tag);
  }
  return { changed, lost, stray: live };
}

/** True when the kernel's entry does what is wanted and nothing was added to it. */
export function holds({ forward: wanted }: WantedWire, { forward, restriction }: LiveEntry): boolean {
  if (restriction !== null) return false;
  const { enabled, wan, log, hairpin, description } = wanted;
  const same = enabled && wan === forward.wan && log === forward.log && samePackets(wanted, forward);
  // To the letter the same, which is seen at once; else they may still mean the same. Descriptions are no matter here.
  if (same && (hairpin === null || hairpin === forward.hairpin)) return true;
  return equal(wanted, { ...forward, enabled: true, description });
}
