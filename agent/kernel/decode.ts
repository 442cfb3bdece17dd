import { parseAddress, printAddress } from '../../provider/rule/address';
import type { Forward, PortSpan, Protocol, Traffic } from '../../provider/rule/rule';
import { joinSpans } from '../../provider/rule/spans';
import { type DecodedChain, decodeChain } from './decode-chain';
import { canonical, type Json, member } from './expression';
import { groupRules } from './group-chain';
import type { KernelEntry } from './kernel';
import type { LiveTable } from './live-table';
import { markingsOf } from './marking';
import { isGroup, isTag } from './names';

/** An entry of ours as the kernel has it, before anybody asked whether other tables let it through. */
export interface DecodedEntry extends KernelEntry {
  readonly restriction: string | null;
}

interface Reach {
  readonly protocol: Protocol;
  readonly address: string | null;
  readonly from: number;
  readonly to: number;
}

/**
 * Our entries, from the kernel's own table. An entry that no port leads to forwards nothing and is left out; what is
 * not in our words becomes a restriction. Pure, never throws.
 */
export function decodeEntries(live: LiveTable, mark: number): DecodedEntry[] {
  const reach = new Map<string, Reach[]>();
  const oddities = new Map<string, Set<string>>();
  const note = (tag: string, text: string) => {
    const known = oddities.get(tag);
    if (known) known.add(text);
    else oddities.set(tag, new Set([text]));
  };
  const groups = new Map<string, readonly string[]>();
  for (const { chain, place, key } of live.elements) {
    const tags = isTag(chain) ? [chain] : (groups.get(chain) ?? membersOf(live, chain));
    if (isGroup(chain)) groups.set(chain, tags);
    for (const tag of tags) {
      const there = reach.get(tag);
      if (place && there) there.push(place);
      else if (place) reach.set(tag, [place]);
      else note(tag, `changed by hand: an element ${canonical(key)} leads here`);
    }
  }
  const markings = markingsOf(mark);
  const entries = new Map<string, DecodedEntry>();
  for (const [tag, places] of reach) {
    const chain = live.chains.get(tag);
    if (!chain) continue;
    const decoded = decodeChain(tag, chain.rules, markings);
    const entry = entryOf(tag, decoded, places, note);
    if (entry) entries.set(tag, entry);
  }
  for (const [group, tags] of groups) {
    const members = tags.map((tag) => entries.get(tag)).filter((entry) => entry !== undefined);
    const rules = live.chains.get(group)?.rules ?? [];
    // The members are as they are now; the chain must still refuse exactly what they refuse.
    if (canonical(groupRules(members) as Json) === canonical(rules as Json)) continue;
    for (const tag of tags) note(tag, 'changed by hand: the refusal of other sources');
  }
  // Straight to the entry, past the refusal: whoever it does not admit reaches the gateway's own services.
  for (const { chain } of live.elements) {
    if (isTag(chain) && entries.get(chain)?.forward.sources)
      note(chain, 'changed by hand: other sources are not refused');
  }
  return [...entries.values()].map((entry) => {
    const odd = oddities.get(entry.tag);
    if (!odd) return entry;
    return { ...entry, restriction: [entry.restriction, ...odd].filter((text) => text !== null).join('; ') };
  });
}

function membersOf(live: LiveTable, group: string): readonly string[] {
  return (live.chains.get(group)?.rules ?? []).flatMap((rule) =>
    rule.flatMap((statement) => {
      const target = member(statement.jump, 'target');
      return typeof target === 'string' && isTag(target) ? [target] : [];
    }),
  );
}

function entryOf(
  tag: string,
  decoded: DecodedChain,
  places: readonly Reach[],
  note: (tag: string, text: string) => void,
): DecodedEntry | null {
  const { traffic, astray } = trafficOf(decoded, places);
  // Counted and marked as ours, and then left to the gateway's own services.
  if (astray) note(tag, 'changed by hand: some of its ports go nowhere');
  const address = places[0]?.address;
  let target: Forward['target'];
  if (address) {
    const parsed = parseAddress(address);
    if (!parsed) return null;
    const addresses = new Set(places.map((place) => place.address));
    if (addresses.size > 1) note(tag, `changed by hand: it opens ${[...addresses].join(' and ')}`);
    target = { kind: 'host', family: 6, address: printAddress(parsed) };
  } else {
    if (!decoded.target) return null;
    target =
      decoded.target.kind === 'gateway'
        ? decoded.target
        : { kind: 'host', family: 4, address: decoded.target.address };
  }
  if (traffic.length === 0) return null;
  const forward: Forward = {
    enabled: true,
    traffic,
    wan: decoded.wan,
    target,
    sources: decoded.sources,
    // A pinhole's public address is its own: there is nothing to turn on or off.
    hairpin: address ? null : decoded.hairpin,
    log: decoded.log,
    description: '',
  };
  return { tag, forward, restriction: decoded.restriction };
}

function trafficOf(
  decoded: DecodedChain,
  places: readonly Reach[],
): { readonly traffic: Traffic[]; readonly astray: boolean } {
  const spans: { [P in Protocol]?: PortSpan[] } = {};
  let astray = false;
  for (const { protocol, from, to } of places) {
    const found = spans[protocol] ?? [];
    if (decoded.keeps(protocol)) found.push({ from, to, target: from });
    else {
      for (let port = from; port <= to; port++) {
        const target = decoded.portOf(protocol, port);
        if (target === null) astray = true;
        else found.push({ from: port, to: port, target });
      }
    }
    spans[protocol] = found;
  }
  const traffic = (['tcp', 'udp'] as const).flatMap((protocol) => {
    const ports = joinSpans(spans[protocol] ?? []);
    return ports.length > 0 ? [{ protocol, ports }] : [];
  });
  return { traffic, astray };
}
