import type { Meaning } from './options';

/** A type of ICMP with a code, or with any code. */
export interface IcmpType {
  readonly v4: TypeAndCode | null;
  readonly v6: TypeAndCode | null;
}

export interface TypeAndCode {
  readonly type: number;
  /** Null = any. */
  readonly code: number | null;
}

/** Names that fw4 knows, with IPv4's and IPv6's numbers; a second number is the code. RFC 792, RFC 4443, RFC 4861. */
const NAMES: Readonly<Record<string, readonly [v4: string | null, v6: string | null]>> = {
  'echo-reply': ['0', '129'],
  pong: ['0', '129'],
  'destination-unreachable': ['3', '1'],
  'network-unreachable': ['3/0', null],
  'host-unreachable': ['3/1', null],
  'protocol-unreachable': ['3/2', null],
  'port-unreachable': ['3/3', '1/4'],
  'fragmentation-needed': ['3/4', null],
  'communication-prohibited': ['3/13', '1/1'],
  'no-route': [null, '1/0'],
  'address-unreachable': [null, '1/3'],
  'source-quench': ['4', null],
  'packet-too-big': [null, '2'],
  redirect: ['5', '137'],
  'echo-request': ['8', '128'],
  ping: ['8', '128'],
  'time-exceeded': ['11', '3'],
  'ttl-exceeded': ['11', '3'],
  'parameter-problem': ['12', '4'],
  'ip-header-bad': ['12/0', null],
  'bad-header': [null, '4/0'],
  'unknown-header-type': [null, '4/1'],
  'unknown-option': [null, '4/2'],
  'timestamp-request': ['13', null],
  'timestamp-reply': ['14', null],
  'multicast-listener-query': [null, '130'],
  'multicast-listener-report': [null, '131'],
  'multicast-listener-done': [null, '132'],
  'router-solicitation': ['10', '133'],
  'router-advertisement': ['9', '134'],
  'neighbour-solicitation': [null, '135'],
  'neighbor-solicitation': [null, '135'],
  'neighbour-advertisement': [null, '136'],
  'neighbor-advertisement': [null, '136'],
};

export const icmpType: Meaning<IcmpType> = (value) => {
  const named = NAMES[value];
  if (named) return { v4: parsed(named[0]), v6: parsed(named[1]) };
  const both = parsed(value);
  return both && { v4: both, v6: both };
};

function parsed(text: string | null): TypeAndCode | null {
  const [, type, code] = /^([0-9]+)(?:\/([0-9]+))?$/.exec(text ?? '') ?? [];
  if (type === undefined || Number(type) > 255 || Number(code ?? 0) > 255) return null;
  return { type: Number(type), code: code === undefined ? null : Number(code) };
}

/** How nft calls the types and codes that it knows; the others are numbers to it. */
const NFT_TYPES4: Readonly<Record<number, string>> = {
  0: 'echo-reply',
  3: 'destination-unreachable',
  4: 'source-quench',
  5: 'redirect',
  8: 'echo-request',
  9: 'router-advertisement',
  10: 'router-solicitation',
  11: 'time-exceeded',
  12: 'parameter-problem',
  13: 'timestamp-request',
  14: 'timestamp-reply',
  17: 'address-mask-request',
  18: 'address-mask-reply',
};
const NFT_TYPES6: Readonly<Record<number, string>> = {
  1: 'destination-unreachable',
  2: 'packet-too-big',
  3: 'time-exceeded',
  4: 'parameter-problem',
  128: 'echo-request',
  129: 'echo-reply',
  130: 'mld-listener-query',
  131: 'mld-listener-report',
  132: 'mld-listener-done',
  133: 'nd-router-solicit',
  134: 'nd-router-advert',
  135: 'nd-neighbor-solicit',
  136: 'nd-neighbor-advert',
  137: 'nd-redirect',
  143: 'mld2-listener-report',
};
const NFT_CODES4: Readonly<Record<number, string>> = {
  0: 'net-unreachable',
  1: 'host-unreachable',
  2: 'prot-unreachable',
  3: 'port-unreachable',
  4: 'frag-needed',
  9: 'net-prohibited',
  10: 'host-prohibited',
  13: 'admin-prohibited',
};
const NFT_CODES6: Readonly<Record<number, string>> = {
  0: 'no-route',
  1: 'admin-prohibited',
  3: 'addr-unreachable',
  4: 'port-unreachable',
  5: 'policy-fail',
  6: 'reject-route',
};

/** `icmp type …`, the types in the order of their numbers; types with codes as pairs, in the order given. */
export function spellIcmp(family: 4 | 6, types: readonly TypeAndCode[]): string {
  const [key, typeNames, codeNames] =
    family === 4 ? ['icmp', NFT_TYPES4, NFT_CODES4] : ['icmpv6', NFT_TYPES6, NFT_CODES6];
  const nameOf = (type: number): string => typeNames[type] ?? String(type);
  if (types.some(({ code }) => code !== null)) {
    const pairs = types.map(
      ({ type, code }) => `${nameOf(type)} . ${codeNames[code ?? 0] ?? String(code ?? 0)}`,
    );
    return `${key} type . ${key} code { ${pairs.join(', ')} }`;
  }
  const sorted = [...new Set(types.map(({ type }) => type))].sort((a, b) => a - b).map(nameOf);
  return sorted.length === 1 ? `${key} type ${sorted[0]}` : `${key} type { ${sorted.join(', ')} }`;
}
