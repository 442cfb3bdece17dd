import { cidrContains, parseAddress, widenCidr } from '../../provider/rule/address';
import { rangeContains } from './cidr-range';
import { type Json, listIn, member, type Statement } from './expression';
import { protocolName } from './protocol-name';
import { elementsOf, type ForeignTable } from './ruleset';

/** The first packet of a connection that we admit, as another table's filter sees it. */
export interface Packet {
  readonly family: 4 | 6;
  readonly protocol: 'tcp' | 'udp' | null;
  readonly port: number | null;
  /** After translation; null = not known. */
  readonly destination: string | null;
  /** Where it may come from; what holds for one of them must hold for all. */
  readonly wans: readonly string[];
  readonly lans: readonly string[];
  readonly mark: number;
  readonly translated: boolean;
}

/** Three-valued: null = cannot be told. */
export type Truth = boolean | null;

/** Statements that let every packet go on. */
const NEUTRAL = [
  'counter',
  'log',
  'mangle',
  'comment',
  'notrack',
  'set',
  'dup',
  'ct helper',
  'meter',
  'masquerade',
];

/** Whether the packet passes the statement. Pure, never throws. */
export function matches(table: ForeignTable, statement: Statement, packet: Packet): Truth {
  const word = Object.keys(statement)[0] ?? '';
  if (word === 'vmap' || NEUTRAL.includes(word)) return true;
  if (word !== 'match') return null;
  const op = member(statement.match, 'op');
  const [left, right] = ['left', 'right'].map((side) => member(statement.match, side) ?? null) as [
    Json,
    Json,
  ];
  const equal = compare(table, left, right, packet);
  if (op === '==' || op === 'in') return equal;
  return op === '!=' && equal !== null ? !equal : null;
}

/** `depth`: a set holds no sets, whatever a listing may claim. */
export function compare(table: ForeignTable, left: Json, right: Json, packet: Packet, depth = 0): Truth {
  if (left === null || typeof left !== 'object' || Array.isArray(left) || depth > 2) return null;
  const anyOf = (values: readonly Json[]) =>
    any(values.map((one) => compare(table, left, one, packet, depth + 1)));
  const isSet = member(right, 'set') !== undefined || (typeof right === 'string' && right.startsWith('@'));
  if (isSet) {
    const elements = elementsOf(table, right);
    return elements && anyOf(elements);
  }
  const parts = listIn(left, 'concat');
  if (parts) {
    const values = listIn(right, 'concat') ?? [];
    return all(parts.map((one, at) => compare(table, one, values[at] ?? null, packet, depth + 1)));
  }
  const masked = listIn(left, '&');
  if (masked) {
    const [operand = null, mask] = masked;
    const key = member(member(operand, 'meta'), 'key');
    return key === 'mark' && typeof mask === 'number' && typeof right === 'number'
      ? (packet.mark & mask) >>> 0 === right
      : null;
  }
  // In a bit field several names mean any of them.
  if (Array.isArray(right)) return anyOf(right as readonly Json[]);
  return plain(left, right, packet);
}

function plain(left: Json, right: Json, packet: Packet): Truth {
  const metaKey = member(member(left, 'meta'), 'key');
  const ctKey = member(member(left, 'ct'), 'key');
  const payload = member(left, 'payload');
  if (metaKey === 'iifname' || metaKey === 'iif') return interfaceIn(packet.wans, right);
  if (metaKey === 'oifname' || metaKey === 'oif')
    return packet.lans.length > 0 ? interfaceIn(packet.lans, right) : null;
  if (metaKey === 'mark') return typeof right === 'number' ? packet.mark >>> 0 === right : null;
  if (metaKey === 'nfproto') return right === `ipv${packet.family}`;
  if (metaKey === 'l4proto') return packet.protocol === null ? null : protocolName(right) === packet.protocol;
  if (metaKey === 'protocol') return right === (packet.family === 4 ? 'ip' : 'ip6');
  if (ctKey === 'state') return typeof right === 'string' ? right === 'new' : null;
  if (ctKey === 'status') return right === 'dnat' ? packet.translated : right === 'snat' ? false : null;
  if (!payload) return null;
  const [protocol, field] = [member(payload, 'protocol'), member(payload, 'field')];
  if (protocol === 'ip' || protocol === 'ip6') {
    if ((protocol === 'ip') !== (packet.family === 4)) return false;
    if (field === 'daddr') return packet.destination === null ? null : addressIn(packet.destination, right);
    if (field === 'protocol' || field === 'nexthdr') {
      return packet.protocol === null ? null : protocolName(right) === packet.protocol;
    }
    return null;
  }
  if (protocol === 'tcp' || protocol === 'udp' || protocol === 'th') {
    if (packet.protocol === null) return null;
    if (protocol !== 'th' && protocol !== packet.protocol) return false;
    return field === 'dport' && packet.port !== null ? portIn(packet.port, right) : null;
  }
  // Of another protocol: no match, whatever the field.
  return packet.protocol === null
    ? null
    : typeof protocol === 'string' && /^icmp/.test(protocol)
      ? false
      : null;
}

function interfaceIn(names: readonly string[], right: Json): Truth {
  if (typeof right !== 'string' || names.length === 0) return null;
  const test = (name: string) => (right.endsWith('*') ? name.startsWith(right.slice(0, -1)) : name === right);
  return names.every(test) ? true : names.some(test) ? null : false;
}

function portIn(port: number, right: Json): Truth {
  if (typeof right === 'number') return port === right;
  const range = listIn(right, 'range');
  const [from, to] = range ?? [];
  return typeof from === 'number' && typeof to === 'number' ? from <= port && port <= to : null;
}

function addressIn(address: string, right: Json): Truth {
  const parsed = parseAddress(address);
  if (!parsed) return null;
  const [prefix, range] = [member(right, 'prefix'), listIn(right, 'range')];
  if (range) return rangeContains(range[0], range[1], parsed);
  const text = prefix ? `${String(member(prefix, 'addr'))}/${String(member(prefix, 'len'))}` : right;
  const cidr = widenCidr(text)?.cidr;
  return cidr ? cidrContains(cidr, parsed) : null;
}

function any(truths: readonly Truth[]): Truth {
  return truths.includes(true) ? true : truths.includes(null) ? null : false;
}

function all(truths: readonly Truth[]): Truth {
  return truths.includes(false) ? false : truths.includes(null) ? null : true;
}
