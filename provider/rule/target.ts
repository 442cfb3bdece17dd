import { classify, parseAddress, printAddress, widenCidr } from './address';
import { meantAddress } from './meant-address';
import { quote } from './quote';
import type { Read } from './read';
import type { Target } from './rule';

export const TARGET_ACCEPTED =
  'the IPv4 or IPv6 address of one host ("192.168.1.10", "2001:db8::10"), or "gateway" for a service on the gateway itself';

/** Why no forward may go there. */
const REFUSED: Readonly<Record<string, string>> = {
  loopback: 'is a loopback address: it never leaves the machine that uses it',
  multicast: 'is a multicast address: it is not one host',
  'link-local': 'is a link-local address: it means another host on every link',
  unspecified: 'is the unspecified address: it is no host',
  broadcast: 'is the broadcast address: it is not one host',
};

/** Reads `internalAddress`, strictly and without any resolver. */
export function readTarget(value: unknown): Read<Target> {
  if (value === 'gateway') return { value: { kind: 'gateway' } };
  const address = parseAddress(value);
  if (!address) {
    return { reason: `${quote(value)} is not an address; accepted: ${TARGET_ACCEPTED}.${hint(value)}` };
  }
  const kind = classify(address);
  const fault = REFUSED[kind];
  if (fault !== undefined) {
    const meant = kind === 'loopback' ? ' Did you mean "gateway"?' : '';
    return { reason: `${quote(value)} ${fault}; accepted: ${TARGET_ACCEPTED}.${meant}` };
  }
  return { value: { kind: 'host', family: address.family, address: printAddress(address) } };
}

/** The family of the packets that reach the target: `gateway` is IPv4. */
export function familyOf(target: Target): 4 | 6 {
  return target.kind === 'gateway' ? 4 : target.family;
}

/** The target as a user writes it. */
export function printTarget(target: Target): string {
  return target.kind === 'gateway' ? 'gateway' : target.address;
}

function hint(value: unknown): string {
  if (typeof value !== 'string') return '';
  const text = value.trim().toLowerCase();
  if (['gateway', 'router', 'self', 'localhost', 'this'].includes(text)) return ' Did you mean "gateway"?';
  const network = widenCidr(text);
  const meant = meantAddress(network ? (text.split('/')[0] as string) : text);
  if (meant !== null) return ` Did you mean "${meant}"?`;
  return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.?$/.test(text) && /[a-z]/.test(text)
    ? ' Host names are never looked up: give the address.'
    : '';
}
