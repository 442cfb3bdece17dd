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

/** True when the kernel's objects would be the same. */
export function sameForward(a: Forward, b: Forward): boolean {
  return (
    a === b ||
    (a.wan === b.wan &&
      a.log === b.log &&
      a.hairpin === b.hairpin &&
      same(a.target, b.target) &&
      same(a.sources, b.sources) &&
      same(a.traffic, b.traffic))
  );
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

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
