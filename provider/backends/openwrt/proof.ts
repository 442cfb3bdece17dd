import type { Entry } from '../backend';
import { chainsOf, reflectionChain } from './acl';
import type { Chains } from './chains';
import type { SectionEntry } from './codec';
import { canonical, commentOf, type Expected, expectedOf, keysOf } from './expected';
import type { NftRule } from './nft-chain';
import { type Zones, zoneOfHost } from './zones';

/** fw4 skips what it cannot read without telling whoever wrote it, and loads late: so each section is looked for in the ruleset. */
export interface Proof {
  /** The entries of sections as they are in force. */
  readonly entries: readonly Entry[];
  /** What the firewall shows otherwise than the configuration says, in words that stay the same: it may still be loading. */
  readonly unsettled: readonly string[];
  /** Rules that belong to a section. */
  readonly explained: ReadonlySet<NftRule>;
}

export const NOT_LOADED = 'the router did not load it';

/** What became of each section. `reasons` = what fw4 says of a section, by its name. */
export function prove(
  found: readonly SectionEntry[],
  chains: Chains,
  zones: Zones,
  reasons: ReadonlyMap<string, string>,
): Proof {
  const shelf = new Shelf(chains);
  const unsettled: string[] = [];
  const read = ({ zone }: SectionEntry): boolean => chainsOf(zone).every((chain) => chains.has(chain));
  // Whole matches first, so that none is left over for a section that matches in part.
  const exact = new Map(found.map((one) => [one, read(one) ? shelf.takeAll(expectedOf(one), 'key') : null]));
  const entries = found.map((one) => {
    const { entry, section } = one;
    const rules = exact.get(one) ?? null;
    if (!read(one)) return entry;
    const named = shelf.has(commentOf(one));
    if (entry.tag === null || entry.restriction !== null) {
      if (named || !entry.forward.enabled) return entry;
      unsettled.push(`${section.name} is not loaded`);
      return notLoaded(entry, reasons);
    }
    if (!entry.forward.enabled) {
      if (rules === null) return entry;
      unsettled.push(`${section.name} is still loaded`);
      return { ...entry, forward: { ...entry.forward, enabled: true } };
    }
    if (rules !== null) return hairpinAsLoaded(one, chains, zones, unsettled);
    unsettled.push(`${section.name} is not loaded`);
    const open = shelf.takeAll(expectedOf(one), 'openKey');
    return open === null ? notLoaded(entry, reasons) : withSources(entry, open);
  });
  return { entries, unsettled, explained: shelf.taken };
}

/** The loaded rules by their comments, each taken once. */
class Shelf {
  readonly taken = new Set<NftRule>();
  private readonly byComment = new Map<string, { readonly chain: string; readonly rule: NftRule }[]>();

  constructor(chains: Chains) {
    for (const [chain, rules] of chains)
      for (const rule of rules)
        if (rule.comment !== null) {
          const list = this.byComment.get(rule.comment) ?? [];
          list.push({ chain, rule });
          this.byComment.set(rule.comment, list);
        }
  }

  has(comment: string): boolean {
    return this.byComment.has(comment);
  }

  /** All the rules that were expected, or null where one is missing: then none is taken. */
  takeAll(
    { comment, rules }: { readonly comment: string; readonly rules: readonly Expected[] },
    by: 'key' | 'openKey',
  ): readonly NftRule[] | null {
    const free = (this.byComment.get(comment) ?? []).filter(({ rule }) => !this.taken.has(rule));
    const chosen: NftRule[] = [];
    for (const expected of rules) {
      const fit = free.find(
        ({ chain, rule }) =>
          chain === expected.chain && !chosen.includes(rule) && keysOf(rule)?.[by] === expected[by],
      );
      if (!fit) return null;
      chosen.push(fit.rule);
    }
    for (const rule of chosen) this.taken.add(rule);
    return chosen;
  }
}

function notLoaded(entry: Entry, reasons: ReadonlyMap<string, string>): Entry {
  const reason = reasons.get(entry.handle) ?? reasons.get('');
  const words = [entry.restriction, `${NOT_LOADED}${reason === undefined ? '' : `: ${reason}`}`];
  return { ...entry, restriction: words.filter((text) => text !== null).join(', ') };
}

/** Loaded, but for others than the configuration says: what is in force counts. */
function withSources(entry: Entry, rules: readonly NftRule[]): Entry {
  const [first] = rules;
  const same = rules.every(({ sources }) => JSON.stringify(sources) === JSON.stringify(first?.sources));
  return same
    ? { ...entry, forward: { ...entry.forward, sources: first?.sources ?? null } }
    : notLoaded(entry, new Map());
}

/** `reflection '1'` does nothing where the zone does not masquerade or has no address: only a rule in the LAN's chain proves it. */
function hairpinAsLoaded(one: SectionEntry, chains: Chains, zones: Zones, unsettled: string[]): Entry {
  const { entry, section } = one;
  const { hairpin, target, traffic } = entry.forward;
  if (hairpin !== true || target.kind !== 'host') return entry;
  const home = zoneOfHost(target.address, zones)?.name ?? null;
  const rules = home === null ? undefined : chains.get(reflectionChain(home));
  if (!rules) return entry;
  const reflected = traffic.every(({ protocol }) =>
    rules.some(
      ({ comment, protocols, verdict }) =>
        comment === `${commentOf(one)} (reflection)` &&
        protocols?.[0] === protocol &&
        verdict.kind === 'dnat' &&
        canonical(verdict.address) === target.address,
    ),
  );
  if (reflected) return entry;
  unsettled.push(`${section.name} is not reflected`);
  return { ...entry, forward: { ...entry.forward, hairpin: false } };
}
