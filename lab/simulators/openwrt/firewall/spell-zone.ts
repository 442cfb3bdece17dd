import { filled, spellAddresses } from './matches';
import { spellNameSet } from './nft-sets';
import type { ZoneMatch } from './zone-matches';

/** What tells that a packet comes from the zone, or goes out to it. */
export function spellZone(
  { devices, notDevices, subnets, family: version }: ZoneMatch,
  outwards: boolean,
): string[] {
  const key = outwards ? 'oifname' : 'iifname';
  const wild = notDevices.filter((name) => name.endsWith('*'));
  const plain = notDevices.filter((name) => !name.endsWith('*'));
  return [
    ...(filled(subnets) ? [] : spellFamily(version)),
    ...(devices.length > 0 ? [`${key} ${spellNameSet(devices)}`] : []),
    ...(plain.length > 0 ? [`${key} != ${spellNameSet(plain)}`] : []),
    ...wild.map((name) => `${key} != "${name}"`),
    ...spellAddresses(version, outwards ? 'daddr' : 'saddr', subnets),
  ];
}

export const spellFamily = (version: 0 | 4 | 6): string[] =>
  version === 0 ? [] : [`meta nfproto ipv${version}`];
/** As fw4's comments call it. */
export const readableFamily = (version: 0 | 4 | 6): string => (version === 0 ? 'IPv4/IPv6' : `IPv${version}`);
