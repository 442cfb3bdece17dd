import { parseAddress, printAddress } from '../../rule/address';
import { canonicalForward } from '../../rule/canonical';
import type { Forward, PortSpan, Protocol, Target } from '../../rule/rule';
import type { Entry } from '../backend';
import { chainsOf, UPNP_CHAIN } from './acl';
import type { Chains } from './chains';
import type { SectionEntry } from './codec';
import { belongs, commentOf } from './expected';
import type { NftRule } from './nft-chain';
import { ALL_PORTS } from './read-options';
import type { Zones } from './zones';

/** Rules that are loaded and belong to no section: of services, of UPnP clients, of includes, or of a section that is gone. */
export interface Unlisted {
  readonly entries: readonly Entry[];
  /** Those of sections that are gone: the firewall may still be loading. */
  readonly unsettled: readonly string[];
}

/** `removed` = entries that this process has removed: while they are loaded they are still there, under their own handle. */
export function unlistedOf(
  found: readonly SectionEntry[],
  explained: ReadonlySet<NftRule>,
  chains: Chains,
  zones: Zones,
  removed: readonly SectionEntry[],
): Unlisted {
  // What those become is not foretold, so whatever bears their name is theirs.
  const loose = new Set(
    found.filter(({ entry }) => entry.tag === null || entry.restriction !== null).map(commentOf),
  );
  const names = new Set(found.map(commentOf));
  const entries: Entry[] = [];
  const unsettled: string[] = [];
  const ghosts = new Set<SectionEntry>();
  for (const { chain, zone, rule } of rulesIn(chains, zones)) {
    const comment = rule.comment ?? '';
    if (explained.has(rule) || loose.has(comment)) continue;
    const forward = forwardOf(rule, chain, zone, zones);
    const ghost = removed.find((one) => belongs(one, chain, rule));
    // In the filter chains stand many rules of fw4's own making, and of sections that forward nothing.
    if (!forward || !(ghost || isTranslation(rule) || names.has(comment))) continue;
    const orphan = comment.startsWith('!fw4: ') && !comment.startsWith('!fw4: ubus:');
    if (orphan) unsettled.push(`${chain} still has ${comment}`);
    if (!ghost) entries.push(entryOf(rule, chain, forward, orphan));
    else if (!ghosts.has(ghost)) entries.push(stillThere(ghost));
    if (ghost) ghosts.add(ghost);
  }
  return { entries, unsettled };
}

function* rulesIn(
  chains: Chains,
  zones: Zones,
): Iterable<{ chain: string; zone: string | null; rule: NftRule }> {
  for (const zone of zones.watched)
    for (const chain of chainsOf(zone))
      for (const rule of chains.get(chain) ?? []) yield { chain, zone, rule };
  for (const rule of chains.get(UPNP_CHAIN) ?? []) yield { chain: UPNP_CHAIN, zone: null, rule };
}

function isTranslation({ verdict }: NftRule): boolean {
  return verdict.kind === 'dnat' || verdict.kind === 'redirect';
}

/** What such a rule forwards, as widely as it may mean; null = nothing of IPv4 with ports. */
function forwardOf(rule: NftRule, chain: string, zone: string | null, zones: Zones): Forward | null {
  const { family, verdict, protocols, ports, destinations } = rule;
  if (family === 6 && verdict.kind !== 'accept') return null;
  const named = protocols ?? ['tcp', 'udp'];
  const both = named.filter((name): name is Protocol => name === 'tcp' || name === 'udp');
  const target = targetOf(rule);
  if (both.length === 0 || !target) return null;
  const spans = (ports ?? [ALL_PORTS]).map(({ from, to }): PortSpan => {
    const inside = verdict.kind === 'dnat' || verdict.kind === 'redirect' ? verdict.ports : null;
    return { from, to, target: from === to && inside ? inside.from : from };
  });
  const [only, ...others] = zones.wan;
  const every = chain === UPNP_CHAIN || (others.length === 0 && zone === only?.name);
  const at = family !== 6 && destinations?.length === 1 ? destinations[0]?.replace(/\/32$/, '') : undefined;
  const address = at === undefined ? null : parseAddress(at);
  return canonicalForward({
    enabled: true,
    traffic: both.map((protocol) => ({ protocol, ports: spans })),
    wan: address ? printAddress(address) : every ? null : zone,
    target,
    sources: rule.sources,
    hairpin: null,
    log: false,
    description: '',
  });
}

function targetOf({ verdict, family, destinations }: NftRule): Target | null {
  if (verdict.kind === 'redirect') return { kind: 'gateway' };
  if (verdict.kind === 'dnat') {
    const address = parseAddress(verdict.address);
    return address?.family === 4 ? { kind: 'host', family: 4, address: printAddress(address) } : null;
  }
  const accepts =
    verdict.kind === 'accept' || (verdict.kind === 'jump' && verdict.chain.startsWith('accept_to_'));
  if (!accepts) return null;
  if (family === 6) {
    const host = destinations?.length === 1 ? /^(.*)\/128$/.exec(destinations[0] as string)?.[1] : undefined;
    return host === undefined ? null : { kind: 'host', family: 6, address: host };
  }
  return { kind: 'gateway' };
}

function entryOf(rule: NftRule, chain: string, forward: Forward, orphan: boolean): Entry {
  const upnp = chain === UPNP_CHAIN;
  const name = rule.comment?.replace(/^!fw4: /, '');
  const what = upnp ? 'mapping of a UPnP client' : name === undefined ? 'rule' : `rule "${name}"`;
  const odd = rule.other.length > 0 ? `what ${rule.other.slice(0, 4).join(' ')} says` : null;
  return {
    handle: `${chain}#${rule.handle}`,
    tag: null,
    id: null,
    forward,
    restriction: odd,
    permanent: !upnp,
    expires: null,
    label: `${what} in chain ${chain}${orphan ? ', loaded but no longer in the configuration' : ''}`,
    changeable: false,
    blocked: null,
  };
}

function stillThere({ entry }: SectionEntry): Entry {
  const words = 'no longer in the configuration, but the router still has it loaded';
  return { ...entry, forward: { ...entry.forward, enabled: true }, restriction: words };
}
