import { type Cidr, cidrContains, parseAddress, parseCidr } from './address';
import { isKnown } from './known';
import { nearest } from './nearest';
import { quote } from './quote';
import type { Failure, LooseInputs } from './rule';
import { readTarget } from './target';
import { readWan } from './wan';

/** What does not fit this gateway's networks: a target outside its LANs, a WAN it does not have. */
export function checkNetwork(
  inputs: LooseInputs,
  network: {
    readonly wans: readonly { readonly name: string; readonly addresses: readonly string[] }[] | null;
    readonly lans: readonly string[] | null;
  },
  gatewayName: string,
): Failure[] {
  const failures: Failure[] = [];
  const gateway = `gateway ${quote(gatewayName)}`;
  const { wans, lans } = network;
  const target = readTarget(inputs.internalAddress);
  if ('value' in target && target.value.kind === 'host') {
    const own = wans?.find((wan) =>
      wan.addresses.some((address) => sameAddress(address, inputs.internalAddress)),
    );
    // "gateway" is IPv4
    const instead =
      target.value.family === 4 ? '. Did you mean "gateway"?' : '; accepted: the address of a host inside.';
    const reason = own
      ? `is the address of ${gateway} itself on ${own.name}${instead}`
      : lans && outsideReason(target.value.address, lans, gateway);
    if (reason)
      failures.push({ property: 'internalAddress', reason: `${quote(inputs.internalAddress)} ${reason}` });
  }
  const wan = isKnown(inputs.wan) ? readWan(inputs.wan) : null;
  if (wan && 'value' in wan && wans) {
    const reason = wanReason(wan.value, wans, gateway);
    if (reason) failures.push({ property: 'wan', reason: `${quote(inputs.wan)} ${reason}` });
  }
  return failures;
}

function sameAddress(text: string, value: unknown): boolean {
  const [a, b] = [parseAddress(text), parseAddress(value)];
  return a !== null && b !== null && a.family === b.family && a.value === b.value;
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

function wanReason(
  wan: string,
  wans: readonly { readonly name: string; readonly addresses: readonly string[] }[],
  gateway: string,
): string | null {
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
