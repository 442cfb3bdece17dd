import { overlap } from '../../provider/rule/conflicts';
import type { Forward } from '../../provider/rule/rule';
import type { WantedWire } from '../api/wire';

interface Claim {
  readonly entry: WantedWire;
  readonly from: number;
  readonly to: number;
}

/**
 * The first changed entry (by the index in `broughtBy`) that could take packets of another enabled one, or null.
 * A changed entry meets only entries with common ports, so one change among many rules stays cheap.
 */
export function firstConflict(
  entries: readonly WantedWire[],
  broughtBy: ReadonlyMap<string, number>,
): { readonly index: number; readonly message: string } | null {
  const byPort = new Map<number, WantedWire[]>();
  const ranges: Claim[] = [];
  for (const entry of entries)
    for (const { from, to } of spans(entry.forward))
      if (from !== to) ranges.push({ entry, from, to });
      else {
        const there = byPort.get(from);
        if (there) there.push(entry);
        else byPort.set(from, [entry]);
      }
  const changed = entries
    .filter(({ tag }) => broughtBy.has(tag))
    .map((entry) => ({ entry, index: broughtBy.get(entry.tag) ?? 0 }))
    .sort((a, b) => a.index - b.index);
  for (const { entry, index } of changed)
    for (const other of neighbours(entry, byPort, ranges)) {
      // Of two newcomers the later one is at fault.
      if ((broughtBy.get(other.tag) ?? -1) > index) continue;
      const why = overlap(entry.forward, other.forward);
      if (why !== null)
        return { index, message: `${entry.id} would take packets of ${other.id} on this gateway: ${why}.` };
    }
  return null;
}

function neighbours(
  entry: WantedWire,
  byPort: ReadonlyMap<number, readonly WantedWire[]>,
  ranges: readonly Claim[],
): ReadonlySet<WantedWire> {
  const found = new Set<WantedWire>();
  for (const { from, to } of spans(entry.forward)) {
    if (from === to) for (const other of byPort.get(from) ?? []) found.add(other);
    else
      for (const [port, others] of byPort)
        if (from <= port && port <= to) for (const o of others) found.add(o);
    for (const range of ranges) if (range.from <= to && from <= range.to) found.add(range.entry);
  }
  found.delete(entry);
  return found;
}

function spans(forward: Forward) {
  if (!forward.enabled) return [];
  const [only] = forward.traffic;
  return only && forward.traffic.length === 1 ? only.ports : forward.traffic.flatMap(({ ports }) => ports);
}
