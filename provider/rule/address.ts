/** An IPv4 or IPv6 address as a number. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** A network: the addresses `first`..`last`. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly prefix: number;
  readonly first: bigint;
  readonly last: bigint;
}

/** `private` = RFC 1918 and RFC 4193, `shared` = carrier-grade NAT (RFC 6598), `global` = all other unicast. */
export type AddressClass =
  | 'unspecified'
  | 'loopback'
  | 'link-local'
  | 'multicast'
  | 'broadcast'
  | 'private'
  | 'shared'
  | 'global';

const IPV4 = new RegExp(`^${Array(4).fill('(0|[1-9][0-9]{0,2})').join('\\.')}$`);

/**
 * Parses one address strictly: IPv4 as four decimal octets without leading zeros, IPv6 as RFC 4291 writes it.
 * No zone ids, no brackets, no prefix, no IPv4-mapped IPv6 addresses; null for anything else.
 */
export function parseAddress(text: unknown): Address | null {
  if (typeof text !== 'string' || text.length > 45) return null;
  if (!text.includes(':')) {
    const value = parseIpv4(text);
    return value === null ? null : { family: 4, value };
  }
  const value = parseIpv6(text);
  return value === null || value >> 32n === 0xffffn ? null : { family: 6, value };
}

/** Parses `192.168.0.0/16`; a bare address means /32 or /128. Null where host bits are set, see `widenCidr`. */
export function parseCidr(text: unknown): Cidr | null {
  const cidr = widenCidr(text);
  return cidr?.exact ? cidr.cidr : null;
}

/** As `parseCidr`, but drops host bits and says whether there were any. */
export function widenCidr(text: unknown): { readonly cidr: Cidr; readonly exact: boolean } | null {
  if (typeof text !== 'string') return null;
  const match = /^([^/]+)(?:\/(0|[1-9][0-9]{0,2}))?$/.exec(text);
  const address = match ? parseAddress(match[1]) : null;
  if (!match || !address) return null;
  const bits = address.family === 4 ? 32 : 128;
  const prefix = match[2] === undefined ? bits : Number(match[2]);
  if (prefix > bits) return null;
  const cidr = network(address.family, address.value, prefix);
  return { cidr, exact: cidr.first === address.value };
}

/** Prints in the one canonical way: dotted decimal, or RFC 5952. */
export function printAddress(address: Address): string {
  return address.family === 4 ? printIpv4(address.value) : printIpv6(address.value);
}

/** Prints with its prefix, always: `192.168.1.5/32`. */
export function printCidr(cidr: Cidr): string {
  return `${printAddress({ family: cidr.family, value: cidr.first })}/${cidr.prefix}`;
}

/** True when some address lies in both. */
export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

export function cidrContains(cidr: Cidr, address: Address): boolean {
  return cidr.family === address.family && cidr.first <= address.value && address.value <= cidr.last;
}

/**
 * The fewest CIDRs that cover the same addresses, in canonical text, sorted, IPv4 first.
 * Throws RangeError for a text that is no CIDR.
 */
export function aggregate(cidrs: readonly string[]): string[] {
  const parsed = cidrs.map((text) => {
    const cidr = parseCidr(text);
    if (!cidr) throw new RangeError(`not a CIDR: ${JSON.stringify(text)}`);
    return cidr;
  });
  return fewestCidrs(parsed).map(printCidr);
}

/** As `aggregate`, for CIDRs already parsed. */
export function fewestCidrs(cidrs: readonly Cidr[]): Cidr[] {
  const sorted = [...cidrs].sort(
    (a, b) => a.family - b.family || compare(a.first, b.first) || a.prefix - b.prefix,
  );
  const kept: Cidr[] = [];
  for (const cidr of sorted) {
    let next = cidr;
    for (let last = kept.at(-1); last; last = kept.at(-1)) {
      const joined = join(last, next);
      if (!joined) break;
      kept.pop();
      next = joined;
    }
    kept.push(next);
  }
  return kept;
}

/** What kind of address it is, by the IANA special-purpose registries. */
export function classify(address: Address): AddressClass {
  return SPECIAL.find(([cidr]) => cidrContains(cidr, address))?.[1] ?? 'global';
}

/** They share no address. The private ones come first, for most targets are among them. */
const SPECIAL: readonly (readonly [Cidr, AddressClass])[] = (
  [
    ['192.168.0.0/16', 'private'],
    ['10.0.0.0/8', 'private'],
    ['172.16.0.0/12', 'private'],
    ['0.0.0.0/8', 'unspecified'], // "this network", RFC 791
    ['127.0.0.0/8', 'loopback'],
    ['169.254.0.0/16', 'link-local'],
    ['224.0.0.0/4', 'multicast'],
    ['255.255.255.255/32', 'broadcast'],
    ['100.64.0.0/10', 'shared'],
    ['fc00::/7', 'private'],
    ['::/128', 'unspecified'],
    ['::1/128', 'loopback'],
    ['fe80::/10', 'link-local'],
    ['ff00::/8', 'multicast'],
  ] as const
).map(([text, kind]) => [parseCidr(text) as Cidr, kind]);

function network(family: 4 | 6, value: bigint, prefix: number): Cidr {
  const host = BigInt((family === 4 ? 32 : 128) - prefix);
  const first = (value >> host) << host;
  return { family, prefix, first, last: first + (1n << host) - 1n };
}

/** One CIDR that is exactly the two sorted ones together, or null. */
function join(a: Cidr, b: Cidr): Cidr | null {
  if (a.family !== b.family) return null;
  if (b.last <= a.last) return a;
  if (a.prefix !== b.prefix || a.last + 1n !== b.first) return null;
  const parent = network(a.family, a.first, a.prefix - 1);
  return parent.first === a.first ? parent : null;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function parseIpv4(text: string): bigint | null {
  const match = IPV4.exec(text);
  if (!match) return null;
  let value = 0;
  for (let index = 1; index <= 4; index++) {
    const octet = Number(match[index]);
    if (octet > 255) return null;
    value = value * 256 + octet;
  }
  return BigInt(value);
}

function parseIpv6(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const parts = halves.map((half, index) => groups(half, index === halves.length - 1));
  const [head, tail] = parts;
  if (!head || tail === null) return null;
  // "::" stands for at least one group (RFC 4291, 2.2)
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...head, ...(tail === undefined ? [] : [...Array<number>(missing).fill(0), ...tail])];
  return all.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

/** The 16-bit groups of one side of "::"; the last two may be written as an IPv4 address. */
function groups(text: string, last: boolean): number[] | null {
  if (text === '') return [];
  const words = text.split(':');
  const result: number[] = [];
  for (const [index, word] of words.entries()) {
    if (word.includes('.')) {
      const value = last && index === words.length - 1 ? parseIpv4(word) : null;
      if (value === null) return null;
      result.push(Number(value >> 16n), Number(value & 0xffffn));
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(word)) return null;
      result.push(Number.parseInt(word, 16));
    }
  }
  return result;
}

function printIpv4(value: bigint): string {
  const bits = Number(value);
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
}

/** RFC 5952: lower case, no leading zeros, "::" for the first longest run of at least two zero groups. */
function printIpv6(value: bigint): string {
  const words = Array.from({ length: 8 }, (_, index) => (value >> BigInt(112 - 16 * index)) & 0xffffn);
  let start = -1;
  let length = 1;
  for (let index = 0; index < 8; index++) {
    let end = index;
    while (end < 8 && words[end] === 0n) end++;
    if (end - index > length) {
      start = index;
      length = end - index;
    }
  }
  const text = (part: readonly bigint[]) => part.map((word) => word.toString(16)).join(':');
  return start < 0 ? text(words) : `${text(words.slice(0, start))}::${text(words.slice(start + length))}`;
}
