import { type Cidr, cidrsOverlap, parseCidr } from '../../rule/address';
import type { PortRange } from '../../rule/ports';
import type { Forward } from '../../rule/rule';
import type { Entry } from '../backend';
import { chainsOf } from './acl';
import type { Chains } from './chains';
import type { SectionEntry } from './codec';
import { belongs } from './expected';
import type { NftRule } from './nft-chain';

/** What a packet looks like when it comes to the filter: a translation was before. */
interface Arriving {
  readonly family: 4 | 6;
  readonly protocol: string;
  readonly ports: PortRange;
  readonly host: Cidr | null;
  readonly sources: readonly Cidr[] | null;
}

/** Why nobody gets through to an entry that is loaded: a traffic rule that drops or rejects it comes first. */
export function blockedBy(one: SectionEntry, chains: Chains): Entry['blocked'] {
  const { forward } = one.entry;
  const [, forwarding, input] = chainsOf(one.zone);
  const chain = forward.target.kind === 'gateway' ? input : forwarding;
  for (const rule of chains.get(chain) ?? []) {
    if (rule.acceptsTranslated || belongs(one, chain, rule)) return null;
    if (!isRefusal(rule) || !arrivals(forward).some((packet) => takes(rule, packet))) continue;
    const name = rule.comment?.replace(/^!fw4: /, '') ?? 'without a name';
    return {
      message: `the firewall rule "${name}" of the router turns it away (chain ${chain}).`,
      hint: `Change that rule on the router, or move it behind this one; where it lets in some, say them as \`sources\`.`,
    };
  }
  return null;
}

function isRefusal({ verdict }: NftRule): boolean {
  if (verdict.kind === 'jump') return /^(handle_reject$|(drop|reject)_)/.test(verdict.chain);
  return verdict.kind === 'drop' || verdict.kind === 'reject';
}

function arrivals({ traffic, target, sources }: Forward): readonly Arriving[] {
  const family = target.kind === 'host' ? target.family : 4;
  const host = target.kind === 'host' ? parseCidr(target.address) : null;
  const from = sources?.flatMap((text) => parseCidr(text) ?? []) ?? null;
  return traffic.flatMap(({ protocol, ports }) =>
    ports.map((span) => ({
      family,
      protocol,
      ports: { from: span.target, to: span.target + span.to - span.from },
      host,
      sources: from,
    })),
  );
}

/** Whether the rule takes some port of it, from all who may connect. What restricts it further lets others pass. */
function takes(rule: NftRule, { family, protocol, ports, host, sources }: Arriving): boolean {
  if (rule.other.length > 0 || rule.device !== null) return false;
  if (rule.family !== null && rule.family !== family) return false;
  if (rule.protocols && !rule.protocols.includes(protocol)) return false;
  if (rule.ports && !rule.ports.some(({ from, to }) => from <= ports.to && ports.from <= to)) return false;
  if (rule.destinations && !rule.destinations.some((text) => meets(text, host))) return false;
  return (
    rule.sources === null ||
    (sources?.every((one) => rule.sources?.some((text) => holds(text, one))) ?? false)
  );
}

function meets(text: string, host: Cidr | null): boolean {
  const cidr = parseCidr(text);
  return cidr !== null && host !== null && cidrsOverlap(cidr, host);
}

function holds(text: string, inner: Cidr): boolean {
  const outer = parseCidr(text);
  return outer?.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}
