import { type Negatable, negation } from './meanings';
import type { Meaning } from './options';
import { type Networks, parseSubnets, type Subnet } from './subnet';

/* What fw4 makes of the texts that say which packets a rule is for. */

/** A protocol by name; `any` has none. */
export interface Protocol extends Negatable {
  readonly name: string;
  readonly any: boolean;
}

const NUMBERS: Readonly<Record<string, string>> = { '1': 'icmp', '58': 'ipv6-icmp', '6': 'tcp', '17': 'udp' };

/** `tcpudp` are two. Whether a name is known to anybody is left to nft. */
export const protocol: Meaning<Protocol | readonly Protocol[]> = (value) => {
  const read = negation(value);
  if (!read) return null;
  const { negated } = read;
  const name = read.rest.toLowerCase();
  if (['all', 'any', '*'].includes(name)) return { negated, name, any: true };
  if (name === 'tcpudp') return ['tcp', 'udp'].map((each) => ({ negated, name: each, any: false }));
  return { negated, name: name === 'icmpv6' ? 'ipv6-icmp' : (NUMBERS[name] ?? name), any: false };
};

export interface Ports extends Negatable {
  readonly from: number;
  readonly to: number;
}

/** Numbers only; 0 is let through. */
export const ports: Meaning<Ports> = (value) => {
  const read = negation(value);
  const [, first, last = first] = /^([0-9]{1,5})(?:[-:]([0-9]{1,5}))?$/.exec(read?.rest ?? '') ?? [];
  const [from, to] = [Number(first), Number(last)];
  return read && from <= to && to <= 65_535 ? { negated: read.negated, from, to } : null;
};

export const spellPorts = ({ from, to }: Ports): string => (from === to ? `${from}` : `${from}-${to}`);

export interface Mac extends Negatable {
  readonly mac: string;
}

export const mac: Meaning<Mac> = (value) => {
  const read = negation(value);
  const bytes = read?.rest.split(/[:-]/) ?? [];
  if (!read || bytes.length !== 6 || !bytes.every((byte) => /^[0-9a-f]{1,2}$/i.test(byte))) return null;
  return { negated: read.negated, mac: bytes.map((byte) => byte.toLowerCase().padStart(2, '0')).join(':') };
};

/** The addresses of one option. A network without any address gives none, and so matches everybody. */
export interface NetworkMatch extends Negatable {
  readonly subnets: readonly Subnet[];
}

export const network =
  (networks: Networks): Meaning<NetworkMatch> =>
  (value) => {
    const read = negation(value);
    const subnets = read && parseSubnets(read.rest, networks);
    if (!read || !subnets) return null;
    return {
      negated: read.negated,
      subnets: subnets.map((subnet) => ({ ...subnet, negated: read.negated })),
    };
  };

export interface Mark extends Negatable {
  readonly mark: number;
  readonly mask: number;
}

export const mark: Meaning<Mark> = (value) => {
  const read = negation(value);
  const [, bits, under = '0xffffffff'] =
    /^(0?x?[0-9a-f]+)(?:\/(0?x?[0-9a-f]+))?$/i.exec(read?.rest ?? '') ?? [];
  const [number, mask] = [Number(bits), Number(under)];
  if (!read || !(number <= 0xffff_ffff && mask <= 0xffff_ffff)) return null;
  return { negated: read.negated, mark: number, mask };
};

/** RFC 2474, RFC 2597, RFC 3246, RFC 8622. */
const DSCP_CLASSES: Readonly<Record<string, number>> = {
  ...Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`cs${index}`, index * 8])),
  ...Object.fromEntries(
    [1, 2, 3, 4].flatMap((kind) => [1, 2, 3].map((drop) => [`af${kind}${drop}`, kind * 8 + drop * 2])),
  ),
  ef: 0x2e,
  be: 0,
  le: 1,
};

export interface Dscp extends Negatable {
  readonly dscp: number;
}

export const dscp: Meaning<Dscp> = (value) => {
  const read = negation(value);
  if (!read) return null;
  const number = DSCP_CLASSES[read.rest.toLowerCase()] ?? Number(read.rest);
  return number >= 0 && number <= 0x3f ? { negated: read.negated, dscp: number } : null;
};

/** As nft prints it: by the name of its class, but for the lowest effort. */
export function spellDscp(number: number): string {
  const name = Object.keys(DSCP_CLASSES).find((known) => DSCP_CLASSES[known] === number);
  return name === undefined || name === 'le' ? `0x${number.toString(16).padStart(2, '0')}` : name;
}

export interface SetMatch extends Negatable {
  readonly set: string;
  readonly directions: readonly string[];
}

/** A set by name, and which side of the packet each of its fields is compared with. */
export const setMatch: Meaning<SetMatch> = (value) => {
  const read = negation(value);
  const [set = '', ...directions] = read?.rest.split(/[ \t,]+/) ?? [];
  return read && set !== '' ? { negated: read.negated, set, directions } : null;
};

/** Helpers that the router's own list names; a module need not be there for the name to be known. */
const HELPERS = ['amanda', 'ftp', 'RAS', 'Q.931', 'irc', 'netbios-ns', 'pptp', 'sip', 'snmp', 'tftp', 'rtsp'];

export interface Helper extends Negatable {
  readonly helper: string;
}

export const helper: Meaning<Helper> = (value) => {
  const read = negation(value);
  return read && HELPERS.includes(read.rest) ? { negated: read.negated, helper: read.rest } : null;
};
