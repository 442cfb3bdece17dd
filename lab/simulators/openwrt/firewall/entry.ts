import { fw4Comment, type NftRule, nftRule, quoted } from '../kernel/nft-rule';
import { widthOf } from './address';
import { spellLimit } from './conditions';
import { type Matches, spellMatches } from './matches';
import type { Limit } from './meanings';
import { nftProtocol } from './protocols';
import { type Subnet, spellSubnet } from './subnet';

/** What fw4 writes into a chain for a section: one for each protocol and family that it is about. */
export interface Entry {
  readonly chain: string;
  readonly name: string;
  readonly matches: Matches;
  readonly counter: boolean;
  /** The prefix of what is logged. */
  readonly log: string | undefined;
  readonly logLimit: Limit | undefined;
  /** The zone's own limit for what is logged, by name. */
  readonly zoneLimit: string | undefined;
  readonly action: string;
  /** A port is set anew although no match has told which protocol it is of. */
  readonly loosePort: boolean;
}

/** The rules of a chain that come from sections. */
export type RulesOf = (chain: string) => readonly NftRule[];

export function byChain(entries: readonly Entry[]): RulesOf {
  const chains = new Map<string, NftRule[]>();
  for (const entry of entries) {
    const rules = chains.get(entry.chain) ?? [];
    rules.push(...toRules(entry));
    chains.set(entry.chain, rules);
  }
  return (chain) => chains.get(chain) ?? [];
}

/** With a limit on logging it takes two nft rules: one that only logs, without a comment. */
function toRules(entry: Entry): NftRule[] {
  const { matches, log, logLimit, zoneLimit, counter } = entry;
  const match = spellMatches(matches);
  const fault = faultOf(entry);
  const comment = fw4Comment(entry.name);
  const limit = logLimit ? spellLimit(logLimit) : zoneLimit ? `limit name ${quoted(zoneLimit)}` : null;
  if (log === undefined) return [nftRule({ match, counter, action: [entry.action], comment, fault })];
  const logs = `log prefix ${quoted(log)}`;
  if (limit === null) return [nftRule({ match, counter, action: [logs, entry.action], comment, fault })];
  return [
    nftRule({ match, action: [limit, logs], fault }),
    nftRule({ match, counter, action: [entry.action], comment, fault }),
  ];
}

/** What fw4 writes down without a word, and nft refuses. */
function faultOf({ matches, loosePort }: Entry): string | null {
  const { protocol, from, to } = matches;
  if (!protocol.any && nftProtocol(protocol.name) === null) {
    return /^\d+$/.test(protocol.name) ? 'Protocol out of range' : 'Could not resolve protocol name';
  }
  if (loosePort) return 'transport protocol mapping is only valid after transport protocol match';
  const subnets = [from, to].flatMap((group) => (group ? [...group.within, ...group.outside] : []));
  return subnets.map(subnetFault).find((words) => words !== null) ?? null;
}

function subnetFault(subnet: Subnet): string | null {
  const width = widthOf(subnet.family);
  if ((subnet.bits ?? 0) > width) {
    return `Prefix length ${subnet.bits} is invalid for type of ${width} bits width`;
  }
  if (subnet.last !== undefined && subnet.last < subnet.value) {
    return `Range has zero or negative size: ${spellSubnet(subnet)}`;
  }
  return null;
}
