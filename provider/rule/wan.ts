import { classify, parseAddress, printAddress } from './address';
import { meantAddress } from './meant-address';
import { quote } from './quote';
import type { Read } from './read';

export const WAN_ACCEPTED =
  'the name of an interface (1-15 of A-Z a-z 0-9 _ . -) or one of the public-side addresses of the gateway';

/** Reads `wan`: an interface name as it is, an address in canonical text. */
export function readWan(value: unknown): Read<string> {
  const address = parseAddress(value);
  if (address) {
    const kind = classify(address);
    if (['loopback', 'multicast', 'link-local', 'unspecified', 'broadcast'].includes(kind)) {
      return { reason: `${quote(value)} is no public-side address (${kind}); accepted: ${WAN_ACCEPTED}.` };
    }
    return { value: printAddress(address) };
  }
  if (typeof value === 'string' && isInterfaceName(value)) return { value };
  const meant = typeof value === 'string' ? meantAddress(value) : null;
  const hint = meant === null ? '' : ` Did you mean "${meant}"?`;
  return {
    reason: `${quote(value)} is neither an interface name nor an address; accepted: ${WAN_ACCEPTED}.${hint}`,
  };
}

/** Linux allows more, but nothing that needs quoting. Digits and dots alone are an address gone wrong. */
function isInterfaceName(text: string): boolean {
  return /^[A-Za-z0-9_.-]{1,15}$/.test(text) && !/^[0-9]*\.[0-9.]*$/.test(text) && !text.startsWith('-');
}

/** The family of a public address; null for the name of an interface. */
export function wanFamily(wan: string): 4 | 6 | null {
  return parseAddress(wan)?.family ?? null;
}
