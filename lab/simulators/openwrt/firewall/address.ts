import { isIPv4, isIPv6 } from 'node:net';

export type Family = 4 | 6;

export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

const WIDTH: Readonly<Record<Family, number>> = { 4: 32, 6: 128 };

export const widthOf = (family: Family): number => WIDTH[family];

/** As inet_pton(3) reads it: no zones, no short forms of IPv4. */
export function parseAddress(text: string): Address | null {
  if (isIPv4(text)) return { family: 4, value: joined(text.split('.').map(Number), 8n) };
  if (!isIPv6(text) || text.includes('%')) return null;
  const plain = text.replace(/\d+\.\d+\.\d+\.\d+$/, (tail) => {
    const [a = 0, b = 0, c = 0, d = 0] = tail.split('.').map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const left = groups(head);
  const right = groups(tail ?? '');
  const gap = tail === undefined ? 0 : 8 - left.length - right.length;
  return { family: 6, value: joined([...left, ...Array<number>(gap).fill(0), ...right], 16n) };
}

/** As inet_ntop(3) writes it: the longest run of zeros is `::`. */
export function formatAddress({ family, value }: Address): string {
  if (family === 4) return split(value, 4, 8n).join('.');
  const words = split(value, 8, 16n);
  if (value >> 32n === 0xffffn) return `::ffff:${split(value & 0xffff_ffffn, 4, 8n).join('.')}`;
  const text = words.map((word) => word.toString(16)).join(':');
  const zeros = [...text.matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)].map(([run]) => run);
  const longest = zeros.sort((a, b) => b.length - a.length)[0];
  if (!longest) return text;
  const at = new RegExp(`(?<![0-9a-f])${longest}(?![0-9a-f])`).exec(text)?.index ?? 0;
  const [before, after] = [text.slice(0, at), text.slice(at + longest.length)];
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`;
}

/** The mask of a prefix length; beyond the width of the address there is none. */
export function prefixMask(family: Family, bits: number): bigint | null {
  const width = WIDTH[family];
  if (bits < 0 || bits > width) return null;
  return ((1n << BigInt(bits)) - 1n) << BigInt(width - bits);
}

/** The prefix length of a mask; null where its ones are not all in front. */
export function prefixLength(family: Family, mask: bigint): number | null {
  for (let bits = 0; bits <= WIDTH[family]; bits += 1) if (prefixMask(family, bits) === mask) return bits;
  return null;
}

const groups = (text: string): number[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));

const joined = (parts: readonly number[], bits: bigint): bigint =>
  parts.reduce((value, part) => (value << bits) | BigInt(part), 0n);

function split(value: bigint, count: number, bits: bigint): number[] {
  const mask = (1n << bits) - 1n;
  return Array.from({ length: count }, (_, index) =>
    Number((value >> (bits * BigInt(count - 1 - index))) & mask),
  );
}
