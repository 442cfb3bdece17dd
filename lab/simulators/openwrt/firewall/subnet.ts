import {
  type Address,
  type Family,
  formatAddress,
  parseAddress,
  prefixLength,
  prefixMask,
  widthOf,
} from './address';

/** Addresses that a rule matches: a prefix, a range, or the ones under a mask with holes. */
export interface Subnet {
  readonly family: Family;
  readonly value: bigint;
  /** The last address of a range. */
  readonly last?: bigint;
  /** Prefix length; null = a mask with holes. Beyond the width nft will refuse it. */
  readonly bits: number | null;
  readonly mask: bigint | null;
  readonly negated: boolean;
}

/** The addresses of each network, by its name. */
export type Networks = ReadonlyMap<string, readonly Subnet[]>;

/** An address, a prefix, an address with a mask, a range, or the name of a network; null = none of these. */
export function parseSubnets(text: string, networks: Networks): readonly Subnet[] | null {
  const [head = '', tail, ...rest] = text.split('/');
  if (rest.length > 0) return null;
  if (tail !== undefined) {
    const subnet = withMask(parseAddress(head), tail);
    return subnet ? [subnet] : null;
  }
  const [first = '', last, ...more] = text.split('-');
  if (last !== undefined && more.length === 0) return range(parseAddress(first), parseAddress(last));
  const address = parseAddress(text);
  if (address) return [single(address)];
  return networks.get(text) ?? null;
}

export function single({ family, value }: Address): Subnet {
  return { family, value, bits: widthOf(family), mask: prefixMask(family, widthOf(family)), negated: false };
}

function range(first: Address | null, last: Address | null): readonly Subnet[] | null {
  if (!first || first.family !== last?.family) return null;
  const { family, value } = first;
  return [{ family, value, last: last.value, bits: null, mask: null, negated: false }];
}

/** fw4 does not mind a prefix length that is too long; nft will. */
function withMask(address: Address | null, tail: string): Subnet | null {
  if (!address) return null;
  const { family, value } = address;
  const mask = parseAddress(tail);
  if (!mask) {
    if (/^-\d+$/.test(tail)) return withEnd(address, Number(tail.slice(1)));
    if (!/^\d*$/.test(tail)) return null;
    return { family, value, bits: Number(tail), mask: prefixMask(family, Number(tail)), negated: false };
  }
  if (mask.family !== family) return null;
  const bits = prefixLength(family, mask.value);
  return {
    family,
    value: bits === null ? value & mask.value : value,
    bits,
    mask: mask.value,
    negated: false,
  };
}

/** `/-64` compares all but the first 64 bits. */
function withEnd({ family, value }: Address, bits: number): Subnet | null {
  const front = prefixMask(family, bits);
  if (front === null) return null;
  const mask = front ^ ((1n << BigInt(widthOf(family))) - 1n);
  return { family, value, bits: null, mask, negated: false };
}

/** Whether it is a mask with holes, which nft writes in another way. */
export const hasHoles = ({ last, bits }: Subnet): boolean => last === undefined && bits === null;

/** As fw4 spells it for a match. */
export function spellSubnet({ family, value, last, bits, mask }: Subnet): string {
  if (last !== undefined)
    return `${formatAddress({ family, value })}-${formatAddress({ family, value: last })}`;
  if (bits === widthOf(family)) return formatAddress({ family, value });
  const masked = mask === null ? value : value & mask;
  return `${formatAddress({ family, value: masked })}/${bits}`;
}

/** As fw4 spells it as the new address of a packet; IPv6 in brackets where a port follows. */
export function spellTarget({ family, value, last, mask }: Subnet, portFollows: boolean): string {
  const text = (of: bigint): string => {
    const plain = formatAddress({ family, value: of });
    return family === 6 && portFollows ? `[${plain}]` : plain;
  };
  if (last !== undefined) return `${text(value)}-${text(last)}`;
  return text(mask === null ? value : value & mask);
}

/** Those of one family. */
export const ofFamily = (subnets: readonly Subnet[], family: Family): readonly Subnet[] =>
  subnets.filter((subnet) => subnet.family === family);

/** The family of all of them; 0 where there are both, undefined where there is none. */
export function familyOf(subnets: readonly Subnet[]): 0 | Family | undefined {
  const families = new Set(subnets.map(({ family }) => family));
  return families.size > 1 ? 0 : [...families][0];
}
