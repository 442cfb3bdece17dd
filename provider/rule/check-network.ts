import { type Cidr, cidrContains, parseAddress, parseCidr } from './address';
import type { Capabilities } from './capabilities';
import { isKnown, isUnset } from './known';
import { nearest } from './nearest';
import { quote } from './quote';
import type { Failure, LooseInputs } from './rule';
import { readTarget } from './target';
import { readWan } from './wan';

/** What a gateway tells of its networks; null or absent = it does not tell. */
export interface KnownNetwork {
  readonly wans: readonly Wan[] | null;
  /** Prefixes (CIDR) that targets may lie in. */
  readonly lans: readonly string[] | null;
  /** The gateway's own, on whatever side. */
  readonly addresses?: readonly string[];
  readonly capabilities?: Partial<Pick<Capabilities, 'everyWan' | 'properties'>>;
}

interface Wan {
  readonly name: string;
  readonly addresses: readonly string[];
}

/**
 * What does not fit this gateway's networks: a target outside its LANs or the gateway itself, a WAN it does not have.
 * `gatewayName` null = who reads it stands at the gateway.
 */
export function checkNetwork(
  inputs: LooseInputs,
  network: KnownNetwork,
  gatewayName: string | null,
): Failure[] {
  const failures: Failure[] = [];
  const gateway = gatewayName === null ? 'this gateway' : `gateway ${quote(gatewayName)}`;
  const { wans, lans } = network;
  const target = readTarget(inputs.internalAddress);
  if ('value' in target && target.value.kind === 'host') {
    const { address } = target.value;
    const reason = ownReason(address, network, gateway) ?? (lans && outsideReason(address, lans, gateway));
    if (reason)
      failures.push({ property: 'internalAddress', reason: `${quote(inputs.internalAddress)} ${reason}` });
  }
  // Where no rule can name a WAN, that is said already.
  if (network.capabilities?.properties?.has('wan') === false) return failures;
  const wan = isKnown(inputs.wan) ? readWan(inputs.wan) : null;
  if (wan && 'value' in wan && wans) {
    const reason = wanReason(wan.value, wans, gateway);
    if (reason) failures.push({ property: 'wan', reason: `${quote(inputs.wan)} ${reason}` });
  }
  if (network.capabilities?.everyWan === false && isUnset(inputs.wan) && wans && wans.length > 1) {
    const names = wans.map(({ name }) => name).join(', ');
    failures.push({
      property: 'wan',
      reason: `is missing: a rule of ${gateway} belongs to one WAN, and there are several: ${names}.`,
    });
  }
  return failures;
}

function sameAddress(text: string, value: unknown): boolean {
  const [a, b] = [parseAddress(text), parseAddress(value)];
  return a !== null && b !== null && a.family === b.family && a.value === b.value;
}

/** A forward to an address of the gateway's own never passes through it, so the rule would let in nobody. */
function ownReason(text: string, { wans, addresses = [] }: KnownNetwork, gateway: string): string | null {
  // "gateway" is IPv4
  const instead = text.includes(':')
    ? '; accepted: the address of a host inside.'
    : '. Did you mean "gateway"?';
  const wan = wans?.find((one) => one.addresses.some((address) => sameAddress(address, text)));
  if (wan) return `is the address of ${gateway} itself on ${wan.name}${instead}`;
  const own = addresses.some((address) => sameAddress(address, text));
  return own ? `is an address of ${gateway} itself${instead}` : null;
}

function outsideReason(text: string, lans: readonly string[], gateway: string): string | null {
  const address = parseAddress(text);
  if (!address) return null;
  const networks = lans.map((lan) => [lan, parseCidr(lan)] as const);
  const homes = networks.filter(
    (entry): entry is [string, Cidr] => entry[1] !== null && cidrContains(entry[1], address),
  );
  // the narrowest is the link that the host is on
  const [home] = homes.sort(([, a], [, b]) => b.prefix - a.prefix);
  if (!home) {
    const own = networks.filter(([, cidr]) => cidr?.family === address.family).map(([lan]) => lan);
    const known = own.length > 0 ? `its LANs are ${own.join(', ')}` : `it has no IPv${address.family} LAN`;
    return `lies in no LAN of ${gateway}: ${known}.`;
  }
  const [lan, cidr] = home;
  if (address.family === 6 || cidr.prefix > 30) return null;
  if (address.value === cidr.last) return `is the broadcast address of ${lan}: it is not one host.`;
  return address.value === cidr.first ? `is the address of the network ${lan} itself: it is no host.` : null;
}

function wanReason(wan: string, wans: readonly Wan[], gateway: string): string | null {
  const address = parseAddress(wan);
  if (address) {
    const told = wans.flatMap(({ addresses }) => addresses);
    // a WAN without any address may get this one later
    if (told.some((one) => sameAddress(one, wan)) || wans.some(({ addresses }) => addresses.length === 0))
      return null;
    return `is no address of ${gateway}; it has ${told.join(', ') || 'none'}.`;
  }
  const names = wans.map(({ name }) => name);
  if (names.includes(wan)) return null;
  const meant = nearest(wan, names);
  return `is no WAN of ${gateway}; it has ${names.join(', ') || 'none'}.${meant ? ` Did you mean "${meant}"?` : ''}`;
}
