import { helper, mac, network, ports, protocol, setMatch } from './match-meanings';
import { choice, family, flag, text } from './meanings';
import { type Found, many, one } from './options';
import { sharedOptions } from './shared-options';
import type { FirewallState, IpSet } from './state';
import type { Zone } from './zone';
import { type ZoneReference, zoneReference } from './zone-reference';

/** What a section may aim at, in the order in which fw4 tries the beginnings of words. */
export const target = choice(
  'accept',
  'reject',
  'drop',
  'notrack',
  'helper',
  'mark',
  'dscp',
  'dnat',
  'snat',
  'masquerade',
);

/** Ports and addresses take one value here, and a list spoils the section. */
export const redirectOptions = ({ zones, subnets }: FirewallState) => ({
  enabled: one(flag, { fallback: '1' }),
  name: one(text),
  _name: { ...one(text), ignored: 'is deprecated by fw4' as const },
  family: one(family),
  src: one(zoneReference(zones)),
  dest: one(zoneReference(zones)),
  ipset: one(setMatch),
  helper: one(helper, { plain: true }),
  proto: many(protocol, { fallback: 'tcpudp' }),
  src_ip: one(network(subnets)),
  src_mac: many(mac),
  src_port: one(ports),
  src_dip: one(network(subnets)),
  src_dport: one(ports),
  dest_ip: one(network(subnets)),
  dest_port: one(ports),
  reflection: one(flag, { fallback: '1' }),
  reflection_src: one(choice('internal', 'external'), { fallback: 'internal' }),
  reflection_zone: many(zoneReference(zones)),
  target: one(target, { fallback: 'dnat' }),
  ...sharedOptions,
});

type Options = Found<ReturnType<typeof redirectOptions>>;

/** A `redirect` section that goes into chains. */
export interface Redirect extends Omit<Options, 'src' | 'dest'> {
  readonly name: string;
  readonly src: Zone;
  readonly dest: ZoneReference | undefined;
  readonly logAs: string | undefined;
  readonly ipSet: IpSet | undefined;
}
