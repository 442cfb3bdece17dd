import { classify, parseAddress, printAddress } from '../../rule/address';
import { isInside, type OwnAddress } from './interfaces';

/** The address that a URL leads to, in canonical text without brackets; null where it names a host instead. */
export function hostOf(url: URL): string | null {
  const address = parseAddress(url.hostname.replace(/^\[|\]$/g, ''));
  return address && printAddress(address);
}

/**
 * A URL under which a gateway may be spoken to: http, to an address and not a name (routers refuse names in Host, against
 * DNS rebinding, and nobody shall look names up for an answer), without a login. Null for everything else.
 */
export function readHttpUrl(text: string, base?: URL): URL | null {
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    return null;
  }
  const plain = url.protocol === 'http:' && url.username === '' && url.password === '';
  return plain && hostOf(url) !== null ? url : null;
}

/**
 * The URL that an answer tells, if it leads to the one who sent it and that one is inside; else null. Over IPv6 a device
 * answers from its link-local address and tells a global one of the same link.
 */
export function trustedLocation(location: string, sender: string, own: readonly OwnAddress[]): URL | null {
  const url = readHttpUrl(location);
  const host = url && hostOf(url);
  const from = parseAddress(sender.replace(/%.*$/, ''));
  if (!url || !host || !from || !isInside(host, own)) return null;
  if (host === printAddress(from)) return url;
  const onOneLink = from.family === 6 && classify(from) === 'link-local' && host.includes(':');
  return onOneLink ? url : null;
}
