import * as z from 'zod';
import {
  cidrContains,
  parseAddress,
  parseCidr,
  printAddress,
  printCidr,
  widenCidr,
} from '../../rule/address';
import { PortforwardError } from '../../rule/error';
import { parseTag } from '../../rule/identity';
import { isOn, words } from './fw4-values';
import type { Section } from './sections';
import { isZoneName } from './zone-name';

/** A firewall zone, and what is on its interfaces. */
export interface Zone {
  readonly name: string;
  /** Addresses of the router itself there, in canonical text. */
  readonly addresses: readonly string[];
  /** Networks (CIDR) that are reached there; without the default routes. */
  readonly networks: readonly string[];
  /** Whether it hides what is behind it, as a WAN does, the one in use and the one in reserve. */
  readonly masquerades: boolean;
  /** Names of the Linux devices. */
  readonly devices: readonly string[];
}

/** The router's networks by the zones of its firewall. */
export interface Zones {
  readonly all: readonly Zone[];
  /** Where the internet is. */
  readonly wan: readonly Zone[];
  readonly lan: readonly Zone[];
  /** Zones whose entries are looked at: the WANs, and whichever else hold entries of ours. */
  readonly watched: readonly string[];
}

const address = z.object({ address: z.string(), mask: z.number() });
const route = z.object({ target: z.string(), mask: z.number() });
const list = <T>(item: z.ZodType<T>) => z.array(item).nullish();

/** `network.interface dump`, as far as it matters; https://openwrt.org/docs/techref/netifd. Loose: others may tell more. */
const dumpSchema = z.object({
  interface: z.array(
    z.object({
      interface: z.string(),
      l3_device: z.string().nullish(),
      device: z.string().nullish(),
      'ipv4-address': list(address),
      'ipv6-address': list(address),
      'ipv6-prefix-assignment': list(
        address.extend({ 'local-address': z.object({ address: z.string() }).nullish() }),
      ),
      route: list(route),
      data: z.object({ zone: z.string().nullish() }).nullish(),
    }),
  ),
});

type Interface = z.infer<typeof dumpSchema>['interface'][number];

/** Throws PortforwardError `version` for a dump of another shape, `invalid` for a configured zone that does not exist. */
export function readZones(
  dump: unknown,
  sections: readonly Section[],
  configured: readonly string[] | null,
): Zones {
  const interfaces = readInterfaces(dump);
  const all = sections
    .filter(({ type, options }) => type === 'zone' && isOn(options.enabled, true))
    .flatMap((section) => {
      const [name] = words(section.options.name);
      return name !== undefined && isZoneName(name)
        ? [{ name, section, on: interfacesOf(name, section, interfaces) }]
        : [];
    });
  const names = wanNames(all, configured);
  const zones = all.map(({ name, section, on }) => zoneOf(name, section, on));
  const wan = zones.filter(({ name }) => names.has(name));
  const ours = sections
    .filter(({ name }) => parseTag(name) !== null)
    .flatMap(({ options }) => words(options.src));
  const watched = new Set([
    ...wan.map(({ name }) => name),
    ...ours.filter((src) => zones.some(({ name }) => name === src)),
  ]);
  return { all: zones, wan, lan: zones.filter(({ name }) => !names.has(name)), watched: [...watched] };
}

/** The zone on whose networks this address is, or null. */
export function zoneOfHost(text: string, { lan }: Zones): Zone | null {
  const address = parseAddress(text);
  if (!address) return null;
  const homes = lan.flatMap((zone) =>
    zone.networks.flatMap((network) => {
      const cidr = parseCidr(network);
      return cidr && cidrContains(cidr, address) ? [{ zone, prefix: cidr.prefix }] : [];
    }),
  );
  return homes.sort((a, b) => b.prefix - a.prefix)[0]?.zone ?? null;
}

function readInterfaces(dump: unknown): readonly Interface[] {
  const read = dumpSchema.safeParse(dump);
  if (read.success) return read.data.interface;
  const where = read.error.issues[0]?.path.map(String).join('.') || 'the answer';
  throw new PortforwardError(
    'version',
    `The router told its networks in a shape that we do not know (${where}).`,
    { hint: 'See docs/gateways/openwrt.md for the versions that are known to work.' },
  );
}

/** As fw4's parse_zone: by the zone's list of networks, by its devices, or because the interface says so itself. */
function interfacesOf(
  name: string,
  { options }: Section,
  interfaces: readonly Interface[],
): readonly Interface[] {
  const networks = new Set(words(options.network));
  const devices = new Set(words(options.device));
  return interfaces.filter(
    (one) =>
      networks.has(one.interface) ||
      one.data?.zone === name ||
      devices.has(one.l3_device ?? one.device ?? ''),
  );
}

function wanNames(
  zones: readonly { readonly name: string; readonly on: readonly Interface[] }[],
  configured: readonly string[] | null,
): ReadonlySet<string> {
  if (configured) {
    const missing = configured.find((name) => !zones.some((zone) => zone.name === name));
    if (missing === undefined) return new Set(configured);
    throw new PortforwardError(
      'invalid',
      `The router has no firewall zone "${missing}", which wanZones names.`,
      {
        property: 'wanZones',
        hint: `It has ${zones.map(({ name }) => name).join(', ') || 'none'}.`,
      },
    );
  }
  const routed = zones.filter(({ on }) => on.some((one) => (one.route ?? []).some(isDefault)));
  // While the line is down there is no default route; `wan` is the name in every default configuration.
  const found = routed.length > 0 ? routed : zones.filter(({ name }) => name === 'wan');
  return new Set(found.map(({ name }) => name));
}

function zoneOf(name: string, { options }: Section, on: readonly Interface[]): Zone {
  const own = on.flatMap((one) => [...(one['ipv4-address'] ?? []), ...(one['ipv6-address'] ?? [])]);
  const assigned = on.flatMap((one) => one['ipv6-prefix-assignment'] ?? []);
  const routes = on.flatMap((one) => one.route ?? []).filter((one) => !isDefault(one));
  const locals = assigned.flatMap((one) => one['local-address']?.address ?? []);
  return {
    name,
    addresses: unique([...own.map((one) => one.address), ...locals].map(canonical)),
    networks: unique([
      ...[...own, ...assigned].map((one) => network(one.address, one.mask)),
      ...routes.map((one) => network(one.target, one.mask)),
    ]),
    masquerades: isOn(options.masq, false),
    devices: unique(on.map((one) => one.l3_device ?? one.device ?? null)),
  };
}

function isDefault({ target, mask }: { readonly target: string; readonly mask: number }): boolean {
  return mask === 0 && (target === '0.0.0.0' || target === '::');
}

function canonical(text: string): string | null {
  const parsed = parseAddress(text);
  return parsed ? printAddress(parsed) : null;
}

function network(text: string, mask: number): string | null {
  const wide = widenCidr(`${text}/${mask}`);
  return wide ? printCidr(wide.cidr) : null;
}

function unique(texts: readonly (string | null)[]): readonly string[] {
  return [...new Set(texts.filter((text) => text !== null))];
}
