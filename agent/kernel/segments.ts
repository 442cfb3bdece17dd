/** External ports `from`..`to` that an entry claims. */
export interface Claim {
  readonly tag: string;
  readonly from: number;
  readonly to: number;
}

/** A stretch of ports on which the same entries are to be tried, in this order. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly tags: readonly string[];
}

/**
 * Cuts the port line at every boundary of every claim, then joins neighbours that hold the same entries. So no two
 * segments overlap, and the same claims give the same segments in any order. Pure.
 */
export function cut(claims: readonly Claim[]): Segment[] {
  const sorted = [...claims].sort((a, b) => a.from - b.from);
  const apart = sorted.every(({ from }, at) => at === 0 || (sorted[at - 1] as Claim).to < from);
  return apart ? joined(sorted.map(({ tag, from, to }) => ({ from, to, tags: [tag] }))) : cutApart(claims);
}

/** Neighbours that hold the same entries, as one. */
function joined(segments: readonly Segment[]): Segment[] {
  const found: Segment[] = [];
  for (const segment of segments) {
    const last = found.at(-1);
    const continues = last && last.to + 1 === segment.from && last.tags.join() === segment.tags.join();
    if (continues) found[found.length - 1] = { ...last, to: segment.to };
    else found.push(segment);
  }
  return found;
}

function cutApart(claims: readonly Claim[]): Segment[] {
  const edges = new Map<number, { begin: string[]; end: string[] }>();
  const edge = (port: number) => {
    const found = edges.get(port) ?? { begin: [], end: [] };
    edges.set(port, found);
    return found;
  };
  for (const { tag, from, to } of claims) {
    edge(from).begin.push(tag);
    edge(to + 1).end.push(tag);
  }
  const held = new Map<string, number>();
  const segments: Segment[] = [];
  const ports = [...edges.keys()].sort((a, b) => a - b);
  for (const [index, from] of ports.entries()) {
    const { begin, end } = edge(from);
    for (const tag of end) {
      const left = (held.get(tag) ?? 0) - 1;
      if (left > 0) held.set(tag, left);
      else held.delete(tag);
    }
    for (const tag of begin) held.set(tag, (held.get(tag) ?? 0) + 1);
    if (held.size === 0) continue;
    segments.push({ from, to: (ports[index + 1] as number) - 1, tags: [...held.keys()].sort() });
  }
  return joined(segments);
}
