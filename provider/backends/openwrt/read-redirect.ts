import { printAddress } from '../../rule/address';
import { canonicalForward } from '../../rule/canonical';
import type { PortRange } from '../../rule/ports';
import type { PortSpan, Target } from '../../rule/rule';
import { one, readFamily, readHost, readPortRange, readSwitch, readTarget } from './fw4-values';
import {
  ALL_PORTS,
  Restrictions,
  readDescription,
  readEnabled,
  readLog,
  readPorts,
  readProtocols,
  readSources,
} from './read-options';
import type { ReadSection } from './read-section';
import type { Options } from './sections';

/** Options that restrict nothing, or that are read below. Everything else is a restriction. */
const KNOWN = new Set([
  ...[
    'name',
    '_name',
    'target',
    'enabled',
    'src',
    'dest',
    'family',
    'proto',
    'src_ip',
    'src_dip',
    'src_dport',
  ],
  ...[
    'dest_ip',
    'dest_port',
    'reflection',
    'reflection_src',
    'reflection_zone',
    'counter',
    'log',
    'log_limit',
  ],
  ...['utc_time', 'pf_id', 'pf_description'],
]);

/**
 * A `redirect` section as fw4 reads it (parse_redirect in fw4.uc). null = it is no forward of IPv4 from a zone: an SNAT, a
 * translation of IPv6 addresses, no TCP and no UDP.
 */
export function readRedirect(options: Options): ReadSection | null {
  const zone = one(options.src);
  const target = readTarget(options.target, 'dnat');
  if (!zone || target === 'snat' || readFamily(options.family) === 6) return null;
  const limits = new Restrictions();
  limits.addUnknown(options, KNOWN);
  if (target === null) limits.add('target', options.target);
  const { protocols, every } = readProtocols(options, limits);
  const to = readDestination(options, limits);
  if (protocols.length === 0 || to === null) return null;
  if (options.family !== undefined && readFamily(options.family) !== 4 && options.dest_ip === undefined)
    limits.add('family', options.family);
  const ports = every ? [ALL_PORTS] : readPorts('src_dport', options.src_dport, limits, true);
  const forward = canonicalForward({
    enabled: readEnabled(options, limits),
    traffic: protocols.map((protocol) => ({ protocol, ports: spansOf(ports, options, limits) })),
    wan: readWan(options, zone, limits),
    target: to,
    sources: readSources(options.src_ip, limits, { single: true, family: 4 }),
    hairpin: readReflection(options, to),
    log: readLog(options),
    description: readDescription(options),
  });
  return { forward, zone, restrictions: limits.list };
}

/** null = an IPv6 address: what fw4 then does is a translation, which no pinhole is. */
function readDestination({ dest_ip }: Options, limits: Restrictions): Target | null {
  if (dest_ip === undefined) return { kind: 'gateway' };
  const host = readHost(one(dest_ip) ?? '');
  if (host?.family === 6) return null;
  if (host) return { kind: 'host', family: 4, address: printAddress({ family: 4, value: host.first }) };
  // The name of a network means the router's own address there.
  limits.add('dest_ip', dest_ip);
  return { kind: 'gateway' };
}

/** nft sends a port of a shifted range to any port of the other, not to its counterpart: no rule of ours says that. */
function spansOf(
  external: readonly PortRange[],
  { dest_port: value }: Options,
  limits: Restrictions,
): readonly PortSpan[] {
  const same = external.map(({ from, to }) => ({ from, to, target: from }));
  if (value === undefined) return same;
  const internal = readPortRange(one(value) ?? '');
  const [first] = external;
  if (internal && first && external.length === 1) {
    if (internal.from === first.from && internal.to === first.to) return same;
    if (first.from === first.to && internal.from === internal.to)
      return [{ ...first, target: internal.from }];
  }
  limits.add('dest_port', value);
  return same;
}

function readWan({ src_dip }: Options, zone: string, limits: Restrictions): string {
  if (src_dip === undefined) return zone;
  const host = readHost(one(src_dip) ?? '');
  if (host?.family === 4) return printAddress({ family: 4, value: host.first });
  limits.add('src_dip', src_dip);
  return zone;
}

/** Only what is said expressly. fw4 reflects nothing for a service on the router itself. */
function readReflection({ reflection }: Options, target: Target): boolean | null {
  return target.kind === 'host' && reflection !== undefined ? readSwitch(reflection) : null;
}
