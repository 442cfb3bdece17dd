import type { Forward } from '../../provider/rule/rule';
import type { KernelEntry } from './kernel';

/** What a change is about: everything else is left out of the plan, for it stays as it is. */
export interface Concern {
  readonly before: readonly KernelEntry[];
  readonly after: readonly KernelEntry[];
}

/**
 * Narrows a change to the entries that differ, are to be written afresh, or share a port with such a one, directly or
 * through others: on shared ports the kernel holds what several entries say together. With it the work follows the
 * size of the change and not that of the table. Pure.
 */
export function concerned(
  before: readonly KernelEntry[],
  after: readonly KernelEntry[],
  rewrite: ReadonlySet<string>,
): Concern {
  const had = new Map(before.map((entry) => [entry.tag, entry.forward]));
  const changed = new Set<string>(rewrite);
  const kept = new Map<string, KernelEntry>();
  for (const entry of after) {
    const old = had.get(entry.tag);
    had.delete(entry.tag);
    if (old && sameForward(old, entry.forward)) kept.set(entry.tag, entry);
    else changed.add(entry.tag);
  }
  for (const tag of had.keys()) changed.add(tag);
  for (const tag of rewrite) kept.delete(tag);
  if (changed.size * 4 > kept.size) return { before, after };
  let reached = [...before, ...after].filter(({ tag }) => changed.has(tag));
  while (reached.length > 0) {
    const found = [...kept.values()].filter(({ forward }) =>
      reached.some((other) => sharesPort(forward, other.forward)),
    );
    for (const { tag } of found) {
      kept.delete(tag);
      changed.add(tag);
    }
    reached = found;
  }
  const concerns = ({ tag }: KernelEntry) => changed.has(tag);
  return { before: before.filter(concerns), after: after.filter(concerns) };
}

/** True when the kernel's objects would be the same. By hand: it is asked of every entry at every change. */
export function sameForward(a: Forward, b: Forward): boolean {
  return a === b || (a.wan === b.wan && a.log === b.log && a.hairpin === b.hairpin && samePackets(a, b));
}

/** True when both send the same packets to the same places, whatever their WAN, log and hairpin. */
export function samePackets(a: Forward, b: Forward): boolean {
  const host = (forward: Forward) => (forward.target.kind === 'host' ? forward.target.address : null);
  return (
    host(a) === host(b) &&
    sameList(a.sources ?? [], b.sources ?? [], (one, other) => one === other) &&
    (a.sources === null) === (b.sources === null) &&
    sameList(
      a.traffic,
      b.traffic,
      (one, other) =>
        one.protocol === other.protocol &&
        sameList(
          one.ports,
          other.ports,
          (span, twin) => span.from === twin.from && span.to === twin.to && span.target === twin.target,
        ),
    )
  );
}

function sameList<T>(a: readonly T[], b: readonly T[], same: (one: T, other: T) => boolean): boolean {
  return a === b || (a.length === b.length && a.every((one, at) => same(one, b[at] as T)));
}

/** Too wide for different pinholes, which only makes the plan larger. */
function sharesPort(a: Forward, b: Forward): boolean {
  return a.traffic.some(({ protocol, ports }) =>
    b.traffic.some(
      (other) =>
        other.protocol === protocol &&
        ports.some(({ from, to }) => other.ports.some((span) => span.from <= to && from <= span.to)),
    ),
  );
}
