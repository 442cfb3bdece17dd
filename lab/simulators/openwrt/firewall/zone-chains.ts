import { fw4Comment, type NftChain, type NftRule, nftRule, quoted } from '../kernel/nft-rule';
import type { Defaults } from './defaults';
import type { RulesOf } from './entry';
import { spellAddresses } from './matches';
import { readableFamily, spellFamily, spellZone } from './spell-zone';
import { groupSubnets } from './subnet-groups';
import type { Zone } from './zone';
import { verdictChains } from './zone-verdicts';

/** The chains of one zone for traffic that is let in, passes or goes out. */
export function filterChains(zone: Zone, of: RulesOf, defaults: Defaults): NftChain[] {
  const { name } = zone;
  const dnat = (words: string): NftRule[] =>
    zone.nat.has('dnat')
      ? [nftRule({ match: ['ct status dnat'], action: ['accept'], comment: fw4Comment(words) })]
      : [];
  return [
    chain(`input_${name}`, [
      ...of(`input_${name}`),
      ...dnat('Accept port redirections'),
      jump(`${zone.input}_from_${name}`),
    ]),
    chain(`output_${name}`, [...of(`output_${name}`), jump(`${zone.output}_to_${name}`)]),
    chain(`forward_${name}`, [
      ...of(`forward_${name}`),
      ...dnat('Accept port forwards'),
      jump(`${zone.forward}_to_${name}`),
      ...logForward(zone, defaults),
    ]),
    ...(['accept', 'reject', 'drop'] as const).flatMap((verdict) => verdictChains(zone, verdict, defaults)),
  ];
}

/** The chains in which addresses are changed, where the zone has any. */
export function natChains(zone: Zone, of: RulesOf): NftChain[] {
  const [dstnat, srcnat] = [`dstnat_${zone.name}`, `srcnat_${zone.name}`];
  return [
    ...(zone.nat.has('dnat') ? [chain(dstnat, of(dstnat))] : []),
    ...(zone.nat.has('snat') ? [chain(srcnat, [...of(srcnat), ...masquerade(zone)])] : []),
  ];
}

/** A jump from a chain of the kernel into the zone's own, for each way by which packets belong to it. */
export function jumps(zone: Zone, direction: string): NftRule[] {
  const outwards = direction === 'output' || direction === 'srcnat';
  return zone.matches.map((match) =>
    nftRule({
      match: spellZone(match, outwards),
      action: [`jump ${direction}_${zone.name}`],
      comment: fw4Comment(`Handle ${zone.name} ${readableFamily(match.family)} ${direction} traffic`),
    }),
  );
}

export const chain = (name: string, rules: readonly NftRule[], hook: string | null = null): NftChain => ({
  name,
  hook,
  rules,
});

export const jump = (name: string): NftRule => nftRule({ action: [`jump ${name}`] });

function logForward(zone: Zone, defaults: Defaults): NftRule[] {
  if (defaults.forward === 'accept' || (zone.log & 1) === 0) return [];
  const limit = zone.logLimit ? [`limit name ${quoted(`${zone.name}.log_limit`)}`] : [];
  return [
    nftRule({ match: limit, action: [`log prefix ${quoted(`${defaults.forward} ${zone.name} forward: `)}`] }),
  ];
}

function masquerade(zone: Zone): NftRule[] {
  return ([4, 6] as const)
    .filter((version) => (version === 6 ? zone.masq6 : zone.masq))
    .flatMap((version) => {
      const mine = (subnets: Zone['masqFrom']) =>
        groupSubnets(subnets.filter((one) => one.family === version));
      return mine(zone.masqFrom).flatMap((from) =>
        mine(zone.masqTo).map((to) => {
          const addresses = [
            ...spellAddresses(version, 'saddr', from),
            ...spellAddresses(version, 'daddr', to),
          ];
          return nftRule({
            match: addresses.length > 0 ? addresses : spellFamily(version),
            action: ['masquerade'],
            comment: fw4Comment(`Masquerade IPv${version} ${zone.name} traffic`),
          });
        }),
      );
    });
}
