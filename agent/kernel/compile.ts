import { PortforwardError } from '../../provider/rule/error';
import type { Protocol } from '../../provider/rule/rule';
import { checkEntry } from './check-entry';
import { entryRules } from './entry-chain';
import { concat, type Json, type Rule } from './expression';
import { groupRules } from './group-chain';
import type { KernelEntry } from './kernel';
import { markingsOf } from './marking';
import { connectionsCounter, deniedCounter, groupChain, isTag, MAPS, type MapName } from './names';
import { type Claim, cut } from './segments';
import { familyOf, wanInterface } from './wan-match';

/** One element of a verdict map: packets with this key go to this chain. */
export interface Element {
  readonly map: MapName;
  readonly key: Json;
  readonly chain: string;
}

/** The changing part of our table, as objects of nft. */
export interface Compiled {
  /** The rules of each, by name. */
  readonly chains: ReadonlyMap<string, readonly Rule[]>;
  readonly counters: ReadonlySet<string>;
  /** By `elementName`. */
  readonly elements: ReadonlyMap<string, Element>;
  /** Interfaces that entries name as their WAN, and so need a set of addresses. */
  readonly wans: ReadonlySet<string>;
}

/** Whether two chains of our own say the same, or neither is there. Equal ones are written alike, to the order of keys. */
export function sameRules(a: readonly Rule[] | undefined, b: readonly Rule[] | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b));
}

/** Tells elements of all maps apart: `ports4 tcp 443`, `ranges6 2001:db8::1 udp 8000-8010`. */
export function elementName(map: MapName, at: Place): string {
  return `${map} ${at.address ?? ''} ${at.protocol} ${at.from}-${at.to}`;
}

/** What an element's key says. */
export interface Place {
  readonly protocol: Protocol;
  /** IPv6 target; null for forwards. */
  readonly address: string | null;
  readonly from: number;
  readonly to: number;
}

/**
 * Entries as objects of nft; the order of the entries does not matter. Pure.
 * Throws `internal` for an entry that is not in normal form.
 */
export function compile(entries: readonly KernelEntry[], mark: number): Compiled {
  const markings = markingsOf(mark);
  const chains = new Map<string, readonly Rule[]>();
  const counters = new Set<string>();
  const wans = new Set<string>();
  const byTag = new Map<string, KernelEntry>();
  /** By protocol, for pinholes by protocol and address. */
  const lines = new Map<string, { protocol: Protocol; address: string | null; claims: Claim[] }>();
  for (const entry of entries) {
    const { tag, forward } = entry;
    if (!isTag(tag)) throw new PortforwardError('internal', `${JSON.stringify(tag)} is no tag.`);
    if (byTag.has(tag)) throw new PortforwardError('internal', `Two entries carry the tag ${tag}.`);
    byTag.set(tag, entry);
    checkEntry(entry);
    chains.set(tag, entryRules(entry, markings));
    counters.add(connectionsCounter(tag));
    if (forward.sources !== null) counters.add(deniedCounter(tag));
    const wan = wanInterface(forward);
    if (wan !== null && familyOf(forward) === 4) wans.add(wan);
    const { target } = forward;
    const address = target.kind === 'host' && target.family === 6 ? target.address : null;
    for (const { protocol, ports } of forward.traffic) {
      const name = `${protocol} ${address ?? ''}`;
      const line = lines.get(name) ?? { protocol, address, claims: [] };
      lines.set(name, line);
      for (const { from, to } of ports) line.claims.push({ tag, from, to });
    }
  }
  const elements = new Map<string, Element>();
  for (const { protocol, address, claims } of lines.values()) {
    for (const { from, to, tags } of cut(claims)) {
      const members = tags.map((tag) => byTag.get(tag) as KernelEntry);
      const [only] = members as [KernelEntry];
      const alone = members.length === 1 && only.forward.sources === null;
      const chain = alone ? only.tag : groupChain(tags);
      if (!alone && !chains.has(chain)) chains.set(chain, groupRules(members));
      const place = { protocol, address, from, to };
      const map = mapOf(place);
      elements.set(elementName(map, place), { map, key: keyOf(place), chain });
    }
  }
  return { chains, counters, elements, wans };
}

/** True for an entry that we could have written: what is read back of a table changed by hand may be anything. */
export function isSound(entry: KernelEntry): boolean {
  try {
    checkEntry(entry);
    return isTag(entry.tag);
  } catch {
    return false;
  }
}

function mapOf({ protocol, address, from, to }: Place): MapName {
  if (address !== null) return from === to ? MAPS.ports6 : MAPS.ranges6;
  if (from === to) return MAPS.ports4;
  return protocol === 'tcp' ? MAPS.tcpRanges4 : MAPS.udpRanges4;
}

function keyOf({ protocol, address, from, to }: Place): Json {
  const ports: Json = from === to ? from : { range: [from, to] };
  if (address !== null) return concat(address, protocol, ports);
  return from === to ? concat(protocol, ports) : ports;
}
