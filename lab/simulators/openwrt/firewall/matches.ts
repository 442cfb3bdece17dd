import { type Family, formatAddress } from './address';
import { type Conditions, spellConditions } from './conditions';
import { spellIcmp, type TypeAndCode } from './icmp';
import type { Mac, Ports, Protocol } from './match-meanings';
import { spellMacSet, spellNameSet, spellPortSet, spellSubnetSet } from './nft-sets';
import { nftProtocol } from './protocols';
import { hasHoles, type Subnet } from './subnet';
import type { SubnetGroup } from './subnet-groups';

/** Which packets one nft rule is for. */
export interface Matches {
  /** 0 = either. */
  readonly family: 0 | Family;
  readonly protocol: Pick<Protocol, 'name' | 'any'>;
  readonly from?: SubnetGroup | undefined;
  readonly to?: SubnetGroup | undefined;
  readonly sourcePorts?: readonly Ports[] | undefined;
  readonly ports?: readonly Ports[] | undefined;
  /** Whether fw4 believes that ports are told already, so that the protocol need not be. */
  readonly hasPorts: boolean;
  readonly macs?: readonly Mac[] | undefined;
  readonly icmp?: readonly TypeAndCode[] | undefined;
  readonly iifnames?: readonly string[] | undefined;
  readonly oifnames?: readonly string[] | undefined;
  readonly conditions: Conditions;
  /** `ip saddr . tcp dport @name`. */
  readonly set?: string | undefined;
}

/** The matches in the order of fw4's template, as nft prints them. */
export function spellMatches(matches: Matches): string[] {
  const { protocol, iifnames, oifnames, icmp, set } = matches;
  const icmpFamily = matches.family === 6 ? 6 : 4;
  return [
    ...spellFamilyAndProtocol(matches),
    ...(iifnames ? [`iifname ${spellNameSet(iifnames)}`] : []),
    ...(oifnames ? [`oifname ${spellNameSet(oifnames)}`] : []),
    ...spellAddresses(matches.family, 'saddr', matches.from),
    ...spellAddresses(matches.family, 'daddr', matches.to),
    ...spellPortMatches(protocol.name, 'sport', matches.sourcePorts),
    ...spellPortMatches(protocol.name, 'dport', matches.ports),
    ...spellMacs(matches.macs ?? []),
    ...(icmp ? [spellIcmp(icmpFamily, icmp)] : []),
    ...spellConditions(icmpFamily, matches.conditions),
    ...(set ? [set] : []),
  ];
}

/** Addresses tell their family, ports their protocol; nft leaves out what follows from something else. */
function spellFamilyAndProtocol(matches: Matches): string[] {
  const { family, protocol, from, to, icmp, set = '', conditions } = matches;
  const hasPorts = matches.hasPorts || / [sd]port /.test(` ${set}`);
  const told =
    filled(from) || filled(to) || icmp !== undefined || set.includes('addr') || conditions.dscp !== undefined;
  const name = l4(family, protocol);
  const tellsFamily = !hasPorts && (name === 'icmp' || name === 'ipv6-icmp') && family !== 0;
  const parts = [];
  if (family !== 0 && !told && !tellsFamily) parts.push(`meta nfproto ipv${family}`);
  if (!protocol.any && !hasPorts && !icmp) parts.push(`meta l4proto ${name}`);
  return parts;
}

function l4(family: 0 | Family, { name }: Pick<Protocol, 'name'>): string {
  if (name !== 'icmp') return nftProtocol(name) ?? name;
  if (family === 0) return '{ icmp, ipv6-icmp }';
  return family === 6 ? 'ipv6-icmp' : 'icmp';
}

export const filled = (group: SubnetGroup | undefined): boolean =>
  group !== undefined && group.within.length + group.outside.length + group.masked.length > 0;

export function spellAddresses(
  family: 0 | Family,
  side: 'saddr' | 'daddr',
  group: SubnetGroup | undefined,
): string[] {
  if (!group || family === 0) return [];
  const key = `${family === 6 ? 'ip6' : 'ip'} ${side}`;
  return [
    ...(group.within.length > 0 ? [`${key} ${spellSubnetSet(family, group.within)}`] : []),
    ...(group.outside.length > 0 ? [`${key} != ${spellSubnetSet(family, group.outside)}`] : []),
    ...group.masked.filter(hasHoles).map((subnet) => spellMasked(key, subnet)),
  ];
}

function spellMasked(key: string, { family, value, mask, negated }: Subnet): string {
  const under = formatAddress({ family, value: mask ?? 0n });
  return `${key} & ${under} ${negated ? '!=' : '=='} ${formatAddress({ family, value })}`;
}

function spellPortMatches(protocol: string, side: 'sport' | 'dport', ports: readonly Ports[] = []): string[] {
  return [false, true].flatMap((negated) => {
    const some = ports.filter((one) => one.negated === negated);
    return some.length === 0 ? [] : [`${protocol} ${side} ${negated ? '!= ' : ''}${spellPortSet(some)}`];
  });
}

function spellMacs(macs: readonly Mac[]): string[] {
  return [false, true].flatMap((negated) => {
    const some = macs.filter((one) => one.negated === negated).map(({ mac }) => mac);
    return some.length === 0 ? [] : [`ether saddr ${negated ? '!= ' : ''}${spellMacSet(some)}`];
  });
}
