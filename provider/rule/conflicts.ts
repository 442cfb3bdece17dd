import { type Cidr, fewestCidrs, parseCidr, printCidr } from './address';
import type { Capabilities } from './capabilities';
import { trafficKey } from './natural-key';
import type { PortRange } from './ports';
import type { Forward, Protocol } from './rule';
import { familyOf } from './target';
import { wanFamily } from './wan';

/** Two rules that cannot both be: `reason` follows "a and b". */
export interface Conflict {
  readonly a: string;
  readonly b: string;
  readonly reason: string;
}

/** A forward made ready for many comparisons. */
interface Ready {
  readonly forward: Forward;
  readonly family: 4 | 6;
  /** The only host whose packets it takes, for a pinhole; '' else. */
  readonly host: string;
  readonly wanIsAddress: boolean;
  readonly sources: readonly Network[] | null;
}

/** A CIDR; IPv4 as plain numbers, which are many times faster to compare. */
interface Network {
  readonly cidr: Cidr;
  readonly first: number | bigint;
  readonly last: number | bigint;
}

/**
 * Why two enabled forwards collide, in words, or null: some packet would match both. WANs, protocols, external ports
 * and sources overlap, in one family. The public address of a pinhole is its host, so two hosts never collide.
 */
export function overlap(a: Forward, b: Forward): string | null {
  return overlapReady(ready(a), ready(b));
}

/**
 * Whether two forwards cannot both be on this gateway, in words: some packet would match both, or it keeps one entry for a
 * protocol and port, whoever may connect and however many WANs there are.
 */
export function collision(a: Forward, b: Forward, { overlap: sideBySide }: Capabilities): string | null {
  const reason = overlap(a, b);
  // a pinhole's key is its host too, and that is what overlap goes by
  if (reason !== null || sideBySide || familyOf(a.target) !== 4 || familyOf(b.target) !== 4) return reason;
  const ports = sharedPorts(a, b);
  return ports && `both take ${trafficKey([ports])}, and this gateway keeps one entry for it`;
}

/** Every pair of rules of one gateway and owner that collide, in the order given. */
export function conflicts(
  rules: readonly { readonly name: string; readonly forward: Forward }[],
): Conflict[] {
  const prepared = rules.map(({ name, forward }) => ({ name, ready: ready(forward) }));
  const found: Conflict[] = [];
  for (const [index, a] of prepared.entries()) {
    for (const b of prepared.slice(index + 1)) {
      const reason = a.name === b.name ? `both are named "${a.name}"` : overlapReady(a.ready, b.ready);
      if (reason !== null) found.push({ a: a.name, b: b.name, reason });
    }
  }
  return found;
}

function ready(forward: Forward): Ready {
  const { target, wan, sources } = forward;
  return {
    forward,
    family: familyOf(target),
    host: target.kind === 'host' && target.family === 6 ? target.address : '',
    wanIsAddress: wan !== null && wanFamily(wan) !== null,
    sources: readable(sources),
  };
}

/** Sorted and apart. A foreign entry may hold what is no CIDR: then nobody can be ruled out. */
function readable(sources: Forward['sources']): readonly Network[] | null {
  const cidrs = sources?.map((text) => parseCidr(text));
  if (!cidrs?.every((cidr) => cidr !== null)) return null;
  return fewestCidrs(cidrs).map((cidr) => {
    const plain = (value: bigint) => (cidr.family === 4 ? Number(value) : value);
    return { cidr, first: plain(cidr.first), last: plain(cidr.last) };
  });
}

function overlapReady(a: Ready, b: Ready): string | null {
  if (!a.forward.enabled || !b.forward.enabled) return null;
  if (a.family !== b.family || a.host !== b.host) return null;
  const ports = sharedPorts(a.forward, b.forward);
  if (!ports) return null;
  const wanA = a.forward.wan;
  const wanB = b.forward.wan;
  // a name and an address cannot be told apart here: the address may be that of the interface
  if (wanA !== null && wanB !== null && wanA !== wanB && a.wanIsAddress === b.wanIsAddress) return null;
  const sources = sharedSources(a, b);
  if (sources === null) return null;
  const unsure = wanA !== null && wanB !== null && wanA !== wanB ? ` ("${wanA}" may be "${wanB}")` : '';
  return `both take ${trafficKey([ports])}${unsure} from ${sources}`;
}

/** The first protocol and ports that both take. */
function sharedPorts(a: Forward, b: Forward): { protocol: Protocol; ports: PortRange[] } | null {
  for (const mine of a.traffic) {
    const theirs = b.traffic.find(({ protocol }) => protocol === mine.protocol);
    const range = theirs && firstShared(mine.ports, theirs.ports);
    if (range) return { protocol: mine.protocol, ports: [range] };
  }
  return null;
}

/** Both lists are sorted and disjoint. */
function firstShared(a: readonly PortRange[], b: readonly PortRange[]): PortRange | null {
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const mine = a[i] as PortRange;
    const theirs = b[j] as PortRange;
    const from = Math.max(mine.from, theirs.from);
    const to = Math.min(mine.to, theirs.to);
    if (from <= to) return { from, to };
    if (mine.to < theirs.to) i++;
    else j++;
  }
  return null;
}

/** Who could send a packet that both take: the narrower of the first two networks that meet. */
function sharedSources({ sources: a }: Ready, { sources: b }: Ready): string | null {
  if (!a || !b) {
    const [first] = a ?? b ?? [];
    return first ? printCidr(first.cidr) : 'everyone';
  }
  const apart = (low: readonly Network[], high: readonly Network[]) =>
    (low.at(-1)?.last ?? 0) < (high[0]?.first ?? 0);
  if (apart(a, b) || apart(b, a)) return null;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const mine = a[i] as Network;
    const theirs = b[j] as Network;
    if (mine.last < theirs.first) i++;
    else if (theirs.last < mine.first) j++;
    else return printCidr(mine.cidr.prefix >= theirs.cidr.prefix ? mine.cidr : theirs.cidr);
  }
  return null;
}
