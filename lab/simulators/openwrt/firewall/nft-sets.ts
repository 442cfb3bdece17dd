import { type Family, formatAddress, prefixLength, widthOf } from './address';
import { type Ports, spellPorts } from './match-meanings';
import { type Subnet, spellSubnet } from './subnet';

/* Values as nft prints them: one alone, several as a sorted set, in which intervals that touch are one. */

interface Interval {
  readonly from: bigint;
  readonly to: bigint;
}

export function spellPortSet(ports: readonly Ports[]): string {
  return spellSet(
    ports.map(spellPorts),
    () => ports.map(({ from, to }) => ({ from: BigInt(from), to: BigInt(to) })),
    ({ from, to }) => spellPorts({ negated: false, from: Number(from), to: Number(to) }),
  );
}

/** All of one family. */
export function spellSubnetSet(family: Family, subnets: readonly Subnet[]): string {
  return spellSet(
    subnets.map(spellSubnet),
    () => subnets.map(intervalOf),
    (interval) => spellInterval(family, interval),
  );
}

/** Names are sorted from their last letter on, the shorter ones first, since nft compares them as numbers. */
export function spellNameSet(names: readonly string[]): string {
  const backwards = (name: string): string =>
    String(name.length).padStart(3, '0') + [...name].reverse().join('');
  const sorted = [...new Set(names)].sort((a, b) => (backwards(a) < backwards(b) ? -1 : 1));
  return braced(sorted.map((name) => `"${name}"`));
}

export function spellMacSet(macs: readonly string[]): string {
  return braced([...new Set(macs)].sort());
}

function spellSet(
  alone: readonly string[],
  intervals: () => readonly Interval[],
  spell: (interval: Interval) => string,
): string {
  if (new Set(alone).size === 1) return alone[0] as string;
  const sorted = [...intervals()].sort((a, b) => (a.from < b.from ? -1 : 1));
  const points = sorted.every(({ from, to }) => from === to);
  return `{ ${[...new Set((points ? sorted : merged(sorted)).map(spell))].join(', ')} }`;
}

function merged(sorted: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const interval of sorted) {
    const last = result.at(-1);
    if (!last || interval.from > last.to + 1n) result.push(interval);
    else if (interval.to > last.to) result[result.length - 1] = { from: last.from, to: interval.to };
  }
  return result;
}

function intervalOf({ family, value, last, mask }: Subnet): Interval {
  if (last !== undefined) return { from: value, to: last };
  const all = (1n << BigInt(widthOf(family))) - 1n;
  const from = mask === null ? value : value & mask;
  return { from, to: mask === null ? value : from | (all ^ mask) };
}

/** As a prefix where it is one. */
function spellInterval(family: Family, { from, to }: Interval): string {
  const all = (1n << BigInt(widthOf(family))) - 1n;
  const bits = prefixLength(family, all ^ (from ^ to));
  const first = formatAddress({ family, value: from });
  if (from === to) return first;
  return bits !== null && (from & (from ^ to)) === 0n
    ? `${first}/${bits}`
    : `${first}-${formatAddress({ family, value: to })}`;
}

const braced = (values: readonly string[]): string =>
  values.length === 1 ? (values[0] as string) : `{ ${values.join(', ')} }`;
