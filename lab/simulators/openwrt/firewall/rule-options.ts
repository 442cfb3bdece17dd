import { icmpType } from './icmp';
import { dscp, helper, mac, mark, network, ports, protocol, setMatch } from './match-meanings';
import { choice, device, family, flag, text } from './meanings';
import { type Found, many, one } from './options';
import { target } from './redirect-options';
import { sharedOptions } from './shared-options';
import type { FirewallState, IpSet } from './state';
import { zoneReference } from './zone-reference';

/** Ports and addresses may be lists here. */
export const ruleOptions = ({ zones, subnets }: FirewallState) => ({
  enabled: one(flag, { fallback: '1' }),
  name: one(text),
  _name: { ...one(text), ignored: 'is deprecated by fw4' as const },
  family: one(family),
  src: one(zoneReference(zones)),
  dest: one(zoneReference(zones)),
  device: one(device, { plain: true }),
  direction: one(choice('in', 'ingress', 'out', 'egress')),
  ipset: one(setMatch),
  helper: one(helper),
  set_helper: one(helper, { plain: true }),
  proto: many(protocol, { fallback: 'tcpudp' }),
  src_ip: many(network(subnets)),
  src_mac: many(mac),
  src_port: many(ports),
  dest_ip: many(network(subnets)),
  dest_port: many(ports),
  icmp_type: many(icmpType),
  set_mark: one(mark, { plain: true }),
  set_xmark: one(mark, { plain: true }),
  dscp: one(dscp),
  set_dscp: one(dscp, { plain: true }),
  target: one(target),
  ...sharedOptions,
});

/** A `rule` section that goes into chains. */
export interface Rule extends Found<ReturnType<typeof ruleOptions>> {
  readonly name: string;
  readonly logAs: string | undefined;
  readonly ipSet: IpSet | undefined;
}
