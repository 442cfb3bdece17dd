import type { Forward } from '../rule/rule';

/** Ports per bucket, as a shift: 65 536 ports in 4 096 buckets of 16. */
const SHIFT = 4;
const BUCKETS = 65_536 >> SHIFT;

/** Finds what may take the same external ports without comparing everything with everything. */
export class Occupancy<T> {
  private readonly buckets = new Map<number, T[]>();

  add(forward: Forward, item: T): void {
    for (const key of keys(forward)) {
      const bucket = this.buckets.get(key);
      if (bucket) bucket.push(item);
      else this.buckets.set(key, [item]);
    }
  }

  /** Everything added that could overlap, each once. */
  near(forward: Forward): ReadonlySet<T> {
    const found = new Set<T>();
    for (const key of keys(forward)) for (const item of this.buckets.get(key) ?? []) found.add(item);
    return found;
  }
}

function keys({ traffic }: Forward): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { protocol, ports } of traffic) {
    const base = protocol === 'tcp' ? 0 : BUCKETS;
    for (const { from, to } of ports) {
      for (let bucket = from >> SHIFT; bucket <= to >> SHIFT; bucket += 1) found.add(base + bucket);
    }
  }
  return found;
}
