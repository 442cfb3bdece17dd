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
    const to = (ports[index + 1] as number) - 1;
    const tags = [...held.keys()].sort();
    const last = segments.at(-1);
    if (last && last.to + 1 === from && last.tags.join() === tags.join()) {
      segments[segments.length - 1] = { ...last, to };
    } else {
      segments.push({ from, to, tags });
    }
  }
  return segments;
}
