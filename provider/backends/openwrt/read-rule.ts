import { printAddress } from '../../rule/address';
import { canonicalForward } from '../../rule/canonical';
import type { Target } from '../../rule/rule';
import { one, readFamily, readHost, readTarget, words } from './fw4-values';
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
    'dest_ip',
    'dest_port',
  ],
  ...['counter', 'log', 'log_limit', 'utc_time', 'pf_id', 'pf_description'],
]);

/** Where the packets go, and the address at which they come in, where only one is meant. */
interface Place {
  readonly target: Target;
  readonly family: 4 | 6;
  readonly wan: string | null;
}

/**
 * A `rule` section as fw4 reads it (parse_rule in fw4.uc): with a destination zone and one IPv6 host it is a pinhole, without
 * a destination zone it opens a service of the router itself. null = anything else.
 */
export function readTrafficRule(options: Options): ReadSection | null {
  const zone = one(options.src);
  if (!zone || options.target === undefined || readTarget(options.target, '') !== 'accept') return null;
  const limits = new Restrictions();
  limits.addUnknown(options, KNOWN);
  const place = options.dest === undefined ? serviceOf(options, limits) : pinholeOf(options);
  const { protocols, every } = readProtocols(options, limits);
  if (!place || protocols.length === 0) return null;
  const ports = every ? [ALL_PORTS] : readPorts('dest_port', options.dest_port, limits, false);
  const forward = canonicalForward({
    enabled: readEnabled(options, limits),
    traffic: protocols.map((protocol) => ({
      protocol,
      ports: ports.map(({ from, to }) => ({ from, to, target: from })),
    })),
    wan: place.wan ?? zone,
    target: place.target,
    sources: readSources(options.src_ip, limits, { single: false, family: place.family }),
    hairpin: null,
    log: readLog(options),
    description: readDescription(options),
  });
  return { forward, zone, restrictions: limits.list };
}

function pinholeOf({ dest_ip, family }: Options): Place | null {
  const hosts = words(dest_ip);
  const host = hosts.length === 1 ? readHost(hosts[0] as string) : null;
  if (host?.family !== 6 || (family !== undefined && readFamily(family) === 4)) return null;
  const address = printAddress({ family: 6, value: host.first });
  return { target: { kind: 'host', family: 6, address }, family: 6, wan: null };
}

/** `internalAddress: "gateway"` is IPv4; what opens IPv6 too says more. */
function serviceOf({ dest_ip, src_ip, family }: Options, limits: Restrictions): Place | null {
  const addresses = [...words(dest_ip), ...words(src_ip)];
  const stated = family === undefined ? null : readFamily(family);
  if (stated === 6 || addresses.some((text) => text.includes(':'))) return null;
  if (stated !== 4 && addresses.length === 0) limits.add('family', family ?? 'any');
  const service: Place = { target: { kind: 'gateway' }, family: 4, wan: null };
  if (dest_ip === undefined) return service;
  const hosts = words(dest_ip);
  const host = hosts.length === 1 ? readHost(hosts[0] as string) : null;
  if (host) return { ...service, wan: printAddress({ family: 4, value: host.first }) };
  limits.add('dest_ip', dest_ip);
  return service;
}
