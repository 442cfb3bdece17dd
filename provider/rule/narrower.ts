import { type Cidr, fewestCidrs, parseCidr } from './address';
import type { Forward, PortSpan } from './rule';

/**
 * Whether `after` lets no packet in that `before` did not let in already, and sends each to the same place: a rule that
 * is switched off, loses ports or gets fewer sources. What cannot be told counts as not narrower.
 */
export function narrower(before: Forward, after: Forward): boolean {
  if (!after.enabled) return true;
  return (
    before.enabled &&
    JSON.stringify(before.target) === JSON.stringify(after.target) &&
    (before.wan === null || before.wan === after.wan) &&
    (before.hairpin === after.hairpin || after.hairpin === false) &&
    after.traffic.every(({ protocol, ports }) => {
      const had = before.traffic.find((one) => one.protocol === protocol)?.ports ?? [];
      return ports.every((span) => had.some((one) => holds(one, span)));
    }) &&
    sourcesWithin(before.sources, after.sources)
  );
}

function holds(outer: PortSpan, inner: PortSpan): boolean {
  return (
    outer.from <= inner.from &&
    inner.to <= outer.to &&
    outer.target - outer.from === inner.target - inner.from
  );
}

function sourcesWithin(outer: Forward['sources'], inner: Forward['sources']): boolean {
  if (outer === null) return true;
  if (inner === null) return false;
  const [had, has] = [outer.map(parseCidr), inner.map(parseCidr)];
  if (!had.every((one) => one !== null) || !has.every((one) => one !== null)) return false;
  // The fewest CIDRs of both together are those of the outer, unless the inner adds something.
  const key = (cidrs: readonly Cidr[]): string =>
    fewestCidrs(cidrs)
      .map(({ family, first, last }) => `${family}/${first}-${last}`)
      .join();
  return key([...had, ...has]) === key(had);
}
