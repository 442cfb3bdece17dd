import { addDnat } from './dnat-entries';
import { findSet } from './ip-set';
import { LeftOut } from './left-out';
import { readOptions } from './options';
import type { Redirect, redirectOptions } from './redirect-options';
import { logPrefix } from './shared-options';
import type { Source } from './source';
import type { FirewallState } from './state';
import { hasHoles, type Subnet } from './subnet';
import type { Zone } from './zone';

/** A section `redirect` with the target DNAT. One with SNAT is beyond this simulator. */
export function readRedirect(
  source: Source,
  options: ReturnType<typeof redirectOptions>,
  state: FirewallState,
): void {
  const warn = (words: string): void => state.warn(`${source.label} ${words}`);
  const found = readOptions(source, options, state.warn);
  if (!found.enabled) throw new LeftOut('is disabled, ignoring section');
  if (found.target === 'snat') throw new LeftOut('has the target SNAT, which the simulator leaves out');
  if (found.target !== 'dnat') warn('has invalid target specified, defaulting to dnat');
  const ipSet = findSet(state, found.ipset);
  if (!found.src) throw new LeftOut('has no source specified');
  if (!found.src.zone) throw new LeftOut("must not have source '*' for dnat target");
  if (found.dest_ip?.negated) throw new LeftOut("must not specify a negated 'dest_ip' value");
  if (found.dest_ip?.subnets.some(hasHoles)) {
    throw new LeftOut("must not use non-contiguous masks in 'dest_ip'");
  }
  const inferred = found.dest ? undefined : zoneOfTarget(state.zones, found.dest_ip?.subnets ?? []);
  if (inferred) warn(`does not specify a destination, assuming '${inferred.name}'`);
  const name = found.name ?? source.fallbackName ?? '';
  const redirect: Redirect = {
    ...found,
    name,
    src: found.src.zone,
    dest: found.dest ?? (inferred && { zone: inferred }),
    dest_port: found.dest_port ?? found.src_dport,
    logAs: logPrefix(found.log, name),
    ipSet,
  };
  redirect.src.nat.add('dnat');
  if (redirect.reflection && redirect.dest?.zone && redirect.src.masq) {
    redirect.dest.zone.verdictsTo.add('accept');
    redirect.dest.zone.nat.add('dnat').add('snat');
  }
  for (const each of found.proto ?? []) addDnat(redirect, each, state, warn);
}

/** The zone that has a network with this address. */
function zoneOfTarget(zones: readonly Zone[], targets: readonly Subnet[]): Zone | undefined {
  return zones.find(({ subnets }) => subnets.some((subnet) => targets.some((one) => holds(subnet, one))));
}

export function holds({ family, value, mask }: Subnet, one: Subnet): boolean {
  return one.family === family && mask !== null && (one.value & mask) === (value & mask);
}
