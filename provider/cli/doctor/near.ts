import { networkInterfaces } from 'node:os';
import { type Cidr, cidrContains, parseAddress, parseCidr, widenCidr } from '../../rule/address';

/**
 * Whether this machine stands in the target's network. Where the gateway tells its LANs, an address of this machine
 * must lie in the one that holds the target: a wider network of its own (a VPN, a container's) proves nothing. Where
 * it does not, a shared prefix must do. `own` = this machine's addresses with their prefix lengths.
 */
export function isNear(
  target: string,
  lans: readonly string[] | null,
  own: readonly string[] = ownAddresses(),
): boolean {
  const address = parseAddress(target);
  if (address === null) return false;
  const lan = (lans ?? [])
    .map(parseCidr)
    .filter((cidr): cidr is Cidr => cidr !== null && cidrContains(cidr, address));
  if (lan.length === 0) return own.some((text) => holds(networkOf(text), target));
  return own.some((text) => lan.some((cidr) => holds(cidr, text.replace(/\/.*/, ''))));
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flat()
    .flatMap((own) => (own?.cidr ? [own.cidr] : []));
}

function holds(cidr: Cidr | null, text: string): boolean {
  const address = parseAddress(text);
  return cidr !== null && address !== null && cidrContains(cidr, address);
}

/** The prefix of an own address has host bits set: take its network. */
function networkOf(text: string): Cidr | null {
  return widenCidr(text)?.cidr ?? null;
}
