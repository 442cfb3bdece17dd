import { fw4Comment, type NftChain, type NftRule, nftRule, quoted } from '../kernel/nft-rule';
import type { Defaults } from './defaults';
import type { Policy } from './meanings';
import { readableFamily, spellZone } from './spell-zone';
import type { Zone } from './zone';
import type { ZoneMatch } from './zone-matches';

/** The chains `…_from_<zone>` and `…_to_<zone>` of one verdict, where somebody jumps to them. */
export function verdictChains(zone: Zone, verdict: Policy, defaults: Defaults): NftChain[] {
  const { name, verdictsFrom, verdictsTo } = zone;
  const leaks =
    verdict === 'accept' && (zone.masq || zone.masq6) && !zone.masqAllowInvalid && !defaults.dropInvalid;
  return [
    ...(verdictsFrom.has(verdict)
      ? [
          chainOf(
            `${verdict}_from_${name}`,
            zone.matches.flatMap((match) => verdictRules(zone, match, verdict, false)),
          ),
        ]
      : []),
    ...(verdictsTo.has(verdict)
      ? [
          chainOf(
            `${verdict}_to_${name}`,
            zone.matches.flatMap((match) => [
              ...(leaks ? dropInvalid(zone, match) : []),
              ...verdictRules(zone, match, verdict, true),
            ]),
          ),
        ]
      : []),
  ];
}

function verdictRules(zone: Zone, match: ZoneMatch, verdict: Policy, outwards: boolean): NftRule[] {
  const where = spellZone(match, outwards);
  const action = verdict === 'reject' ? 'jump handle_reject' : verdict;
  const comment = fw4Comment(`${verdict} ${zone.name} ${readableFamily(match.family)} traffic`);
  const prefix = `${verdict} ${zone.name} ${outwards ? 'out' : 'in'}: `;
  return logged(zone, where, verdict === 'accept' ? null : prefix, action, comment);
}

/** What connection tracking does not know must not leave with an inner address. */
function dropInvalid(zone: Zone, match: ZoneMatch): NftRule[] {
  const only = zone.masq !== zone.masq6 ? [`meta nfproto ${zone.masq ? 'ipv4' : 'ipv6'}`] : [];
  const where = [...only, ...spellZone(match, true), 'ct state invalid'];
  return logged(
    zone,
    where,
    `drop ${zone.name} invalid ct state: `,
    'drop',
    fw4Comment('Prevent NAT leakage'),
  );
}

/** With logging and a limit to it there are two rules, of which the first only logs. */
function logged(
  zone: Zone,
  match: readonly string[],
  prefix: string | null,
  action: string,
  comment: string,
): NftRule[] {
  const { counter, log, logLimit, name } = zone;
  const logs = prefix !== null && (log & 1) === 1 ? [`log prefix ${quoted(prefix)}`] : [];
  if (logs.length === 0 || !logLimit)
    return [nftRule({ match, counter, action: [...logs, action], comment })];
  const limit = `limit name ${quoted(`${name}.log_limit`)}`;
  return [
    nftRule({ match: [...match, limit], action: logs }),
    nftRule({ match, counter, action: [action], comment }),
  ];
}

const chainOf = (name: string, rules: readonly NftRule[]): NftChain => ({ name, hook: null, rules });
