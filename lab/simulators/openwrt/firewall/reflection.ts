import { formatAddress } from './address';
import { portsOf, spellDnat } from './dnat-entries';
import type { Entry } from './entry';
import type { Protocol } from './match-meanings';
import { holds } from './redirect';
import type { Redirect } from './redirect-options';
import type { FirewallState } from './state';
import { ofFamily, type Subnet, single } from './subnet';
import { groupSubnets } from './subnet-groups';
import type { Zone } from './zone';

/**
 * Hairpin: who is inside and asks for the outer address is led to the target too, and the target answers by way of the
 * router. Only where the outer zone masquerades, and where both addresses are known.
 */
export function reflect(
  redirect: Redirect,
  protocol: Protocol,
  state: FirewallState,
  warn: (words: string) => void,
): void {
  const zones = redirect.reflection_zone ?? (redirect.dest ? [redirect.dest] : []);
  const named = redirect.src_dip?.subnets ?? [];
  const outer = named.length > 0 ? named : redirect.src.subnets.map(single);
  for (const { zone } of zones) {
    for (const family of [4, 6] as const) {
      const targets = ofFamily(redirect.dest_ip?.subnets ?? [], family);
      const target = targets[0];
      if (!zone || !target || !(family === 6 ? redirect.src.masq6 : redirect.src.masq)) continue;
      const inside = ofFamily(zone.subnets, family);
      const outside = ofFamily(outer, family);
      const answers = answerer(redirect, zone, target, inside, outside);
      const missing = !answers
        ? `${redirect.reflection_src} rewrite IP`
        : inside.length === 0
          ? 'internal address range'
          : outside.length === 0
            ? 'external address range'
            : null;
      if (missing !== null || !answers) {
        warn(`${missing} cannot be determined, disabling reflection`);
        continue;
      }
      zone.nat.add('dnat').add('snat');
      state.entries.push(
        ...reflected(redirect, protocol, zone, { inside, outside, targets, target, answers }),
      );
    }
  }
}

/** The router's address in the target's own network, else its first one; or the outer address, where that is asked for. */
function answerer(
  redirect: Redirect,
  zone: Zone,
  target: Subnet,
  inside: readonly Subnet[],
  outside: readonly Subnet[],
): Subnet | undefined {
  if (redirect.reflection_src !== 'internal') return outside[0];
  return zone.subnets.find((subnet) => holds(subnet, target)) ?? inside[0];
}

interface Sides {
  readonly inside: readonly Subnet[];
  readonly outside: readonly Subnet[];
  readonly targets: readonly Subnet[];
  readonly target: Subnet;
  readonly answers: Subnet;
}

/** There is no counter in either. */
function reflected(redirect: Redirect, protocol: Protocol, zone: Zone, sides: Sides): Entry[] {
  const { inside, outside, targets, target, answers } = sides;
  const { family } = target;
  const ports = portsOf(redirect, protocol);
  const base = {
    name: `${redirect.name} (reflection)`,
    counter: false,
    log: undefined,
    logLimit: undefined,
    zoneLimit: undefined,
  };
  const matches = { family, protocol, conditions: redirect };
  const back = formatAddress({ family, value: answers.value });
  const there = groupSubnets(inside).flatMap((from) =>
    groupSubnets(outside).map((to) => ({
      ...base,
      chain: `dstnat_${zone.name}`,
      matches: { ...matches, from, to, ...ports.matches },
      action: spellDnat(target, ports.target),
      loosePort: ports.loose,
    })),
  );
  const andBack = groupSubnets(targets).flatMap((to) =>
    groupSubnets(inside).map((from) => ({
      ...base,
      chain: `srcnat_${zone.name}`,
      matches: {
        ...matches,
        from,
        to,
        ports: ports.target && [ports.target],
        hasPorts: ports.target !== undefined,
      },
      action: `snat ${family === 6 ? 'ip6' : 'ip'} to ${back}`,
      loosePort: false,
    })),
  );
  return [...there, ...andBack];
}
