import { parseAddress, printAddress, printCidr, widenCidr } from '../../provider/rule/address';

/** The interfaces and addresses of this machine, as far as forwarding depends on them. */
export interface Network {
  /** WAN interfaces, whether they exist at the moment or not; addresses of both families. */
  readonly wans: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  /** All other interfaces but the loopback. */
  readonly lanInterfaces: readonly string[];
  /** The networks on those. */
  readonly lanNetworks: readonly { readonly name: string; readonly network: string }[];
  /** Every address of this machine but the loopback's. */
  readonly own: readonly string[];
}

interface IpAddress {
  readonly ifname?: unknown;
  readonly flags?: unknown;
  readonly addr_info?: unknown;
}

/** From `ip -j address` and, where no WAN interfaces are given, `ip -j route show default` of both families. Pure. */
export function describeNetwork(
  addresses: unknown,
  defaults: readonly unknown[],
  wans: readonly string[] | null,
): Network {
  const interfaces = objects(addresses).flatMap((one: IpAddress) =>
    typeof one.ifname === 'string' && usable(one.ifname) && !isLoopback(one)
      ? [{ name: one.ifname, networks: networksOf(one.addr_info) }]
      : [],
  );
  const names = wans ?? [...new Set(defaults.flatMap(devices))].filter(usable).sort();
  const others = interfaces.filter(({ name }) => !names.includes(name));
  return {
    wans: names.map((name) => ({
      name,
      addresses: (interfaces.find((one) => one.name === name)?.networks ?? []).map(({ address }) => address),
    })),
    lanInterfaces: others.map(({ name }) => name),
    lanNetworks: others.flatMap(({ name, networks }) => networks.map(({ network }) => ({ name, network }))),
    own: [...new Set(interfaces.flatMap(({ networks }) => networks.map(({ address }) => address)))],
  };
}

/** IPv4 addresses of the WANs, or of one of them. */
export function wanAddresses4(network: Network, name?: string): string[] {
  const found = network.wans.filter((wan) => name === undefined || wan.name === name);
  return [...new Set(found.flatMap(({ addresses }) => addresses.filter((text) => !text.includes(':'))))];
}

/** Prefixes (CIDR) that lie directly on interfaces other than the WANs. */
export function lanPrefixes({ lanNetworks }: Network): string[] {
  return [...new Set(lanNetworks.map(({ network }) => network))];
}

/** What we write into the ruleset needs no quoting. */
const usable = (name: string): boolean => /^[A-Za-z0-9_.-]{1,15}$/.test(name);

function isLoopback({ flags }: IpAddress): boolean {
  return Array.isArray(flags) && flags.includes('LOOPBACK');
}

function networksOf(info: unknown): { address: string; network: string }[] {
  return objects(info).flatMap((one) => {
    const address = parseAddress(one.local);
    const cidr = widenCidr(`${String(one.local)}/${String(one.prefixlen)}`)?.cidr;
    if (!address || !cidr || one.scope !== 'global' || one.tentative === true) return [];
    return [{ address: printAddress(address), network: printCidr(cidr) }];
  });
}

/** Devices of default routes, those with several next hops too. */
function devices(routes: unknown): string[] {
  return objects(routes).flatMap((route) => {
    if (route.dst !== 'default') return [];
    const hops = objects(route.nexthops);
    return [route, ...hops].flatMap(({ dev }) => (typeof dev === 'string' && dev !== 'lo' ? [dev] : []));
  });
}

function objects(value: unknown): Record<string, unknown>[] {
  return (Array.isArray(value) ? value : []).filter((one) => one !== null && typeof one === 'object');
}
