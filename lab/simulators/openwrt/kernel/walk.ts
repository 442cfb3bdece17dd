import { BlockList } from 'node:net';
import type { LoadedRule, NftTable } from './nft-table';

/** The first packet of a connection over IPv4, as it comes in. */
export interface Packet {
  readonly protocol: 'tcp' | 'udp';
  /** Device by which it comes in. */
  readonly device: string;
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

/** The device by which an address is reached; null = it is the router's own. */
export type Route = (address: string) => string | null;

/** Where a connection ends by what the table says, or which rule or policy ends it. */
export type Fate =
  | { readonly reached: string; readonly port: number }
  | { readonly reached: null; readonly because: string };

interface Verdict {
  readonly kind: 'accept' | 'drop' | 'reject';
  /** The rule or policy that settled it. */
  readonly by: string;
}

/**
 * What the kernel would do with a new connection: nat prerouting, then the filter for what passes or what is for the router itself
 * (nft(8), netfilter hooks). Throws on an expression that it does not know, for then it would guess.
 */
export function walk(table: NftTable, packet: Packet, route: Route): Fate {
  const target = translate(table, packet);
  const there = target ?? { to: packet.to, port: packet.port };
  const outwards = route(there.to);
  const arriving = { ...packet, ...there, outwards, translated: target !== null };
  const verdict = judge(table, outwards === null ? 'input' : 'forward', arriving);
  return verdict.kind === 'accept'
    ? { reached: there.to, port: there.port }
    : { reached: null, because: `${verdict.by} says ${verdict.kind}` };
}

interface Arriving extends Packet {
  /** Device by which it goes on; null = nowhere, or not known yet. */
  readonly outwards: string | null;
  readonly translated: boolean;
}

function translate(table: NftTable, packet: Packet): Pick<Packet, 'to' | 'port'> | null {
  const coming = { ...packet, outwards: null, translated: false };
  const rule = first(table, 'dstnat', coming, (action) => /^(dnat|redirect)\b/.test(action));
  if (!rule) return null;
  const action = rule.action.at(-1) ?? '';
  const found = /^(?:dnat ip to ([0-9.]+)(?::(\d+))?|redirect(?: to :(\d+))?)$/.exec(action);
  if (!found) throw new Error(`the simulator cannot follow "${action}"`);
  const [, to = packet.to, port, ownPort] = found;
  return { to, port: Number(port ?? ownPort ?? packet.port) };
}

function judge(table: NftTable, base: string, packet: Arriving): Verdict {
  const rule = first(table, base, packet, (action) => /^(accept|drop|reject)\b/.test(action));
  const kind = /^(accept|drop|reject)/.exec(rule?.action.at(-1) ?? '')?.[1] as Verdict['kind'] | undefined;
  if (rule && kind) return { kind, by: `the rule "${rule.comment?.replace(/^!fw4: /, '') ?? ''}"` };
  const policy = /policy (\w+);/.exec(table.find(base)?.hook ?? '')?.[1];
  return { kind: policy === 'accept' ? 'accept' : 'drop', by: `the policy of chain ${base}` };
}

/** The first rule with such an action that the packet comes to, jumps followed. */
function first(
  table: NftTable,
  name: string,
  packet: Arriving,
  ends: (action: string) => boolean,
): LoadedRule | null {
  for (const rule of table.find(name)?.rules ?? []) {
    const action = rule.action.at(-1) ?? '';
    if (!rule.match.every((piece) => matches(piece, packet))) continue;
    if (ends(action)) return rule;
    const [, chain] = /^jump (\S+)$/.exec(action) ?? [];
    const found = chain === undefined ? null : first(table, chain, packet, ends);
    if (found) return found;
    if (action === 'return') return null;
  }
  return null;
}

/** Expressions that fw4 writes, each with what it says of the packet. */
const expressions: readonly (readonly [RegExp, (packet: Arriving, ...groups: string[]) => boolean])[] = [
  [/^[io]if "lo"$/, () => false],
  [/^iifname (.+)$/, ({ device }, names = '') => listed(names).includes(`"${device}"`)],
  [/^oifname (.+)$/, ({ outwards }, names = '') => listed(names).includes(`"${outwards}"`)],
  [/^meta nfproto ipv([46])$/, (_, version) => version === '4'],
  [/^meta l4proto (.+)$/, ({ protocol }, names = '') => listed(names).includes(protocol)],
  [/^ip6 /, () => false],
  [/^ip saddr (!= )?(.+)$/, ({ from }, not, nets = '') => within(nets, from) === (not === undefined)],
  [/^ip daddr (!= )?(.+)$/, ({ to }, not, nets = '') => within(nets, to) === (not === undefined)],
  [
    /^(tcp|udp) dport (!= )?(.+)$/,
    ({ protocol, port }, of, not, ports = '') =>
      of === protocol && listed(ports).some((one) => spans(one, port)) === (not === undefined),
  ],
  [/^icmp(v6)? /, () => false],
  [/^tcp flags syn/, ({ protocol }) => protocol === 'tcp'],
  [/^limit rate /, () => true],
  [/^ct status dnat$/, ({ translated }) => translated],
  // A new connection is none of what such a map names, nor invalid.
  [/^ct state (vmap|invalid)/, () => false],
];

function matches(piece: string, packet: Arriving): boolean {
  for (const [pattern, holds] of expressions) {
    const found = pattern.exec(piece);
    if (found) return holds(packet, ...found.slice(1));
  }
  throw new Error(`the simulator cannot judge "${piece}"`);
}

/** A value, or the elements of a set. */
function listed(text: string): readonly string[] {
  return text.replace(/^\{ (.*) \}$/, '$1').split(', ');
}

function spans(range: string, port: number): boolean {
  const [from, to = from] = range.split('-').map(Number);
  return port >= (from ?? Number.NaN) && port <= (to ?? Number.NaN);
}

function within(networks: string, address: string): boolean {
  const list = new BlockList();
  for (const one of listed(networks)) {
    const [low = '', high] = one.split('-');
    const [network = '', length] = low.split('/');
    if (high !== undefined) list.addRange(low, high);
    else if (length !== undefined) list.addSubnet(network, Number(length));
    else list.addAddress(network);
  }
  return list.check(address);
}
