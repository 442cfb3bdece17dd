import { aggregate, type Cidr, parseAddress, printCidr, widenCidr } from './address';
import { meantAddress } from './meant-address';
import { quote } from './quote';
import type { Read } from './read';
import { UNKNOWN } from './rule';

export const SOURCES_ACCEPTED =
  'a list of networks or addresses in CIDR notation, such as ["192.0.2.0/24", "198.51.100.7"]';

/** Reads `sources`; unknown elements are passed over. The networks come as written, in canonical text. */
export function readSources(value: unknown): Read<string[]> {
  if (!Array.isArray(value)) {
    const meant = typeof value === 'string' && widenCidr(value) ? ` Did you mean [${quote(value)}]?` : '';
    return { reason: `${quote(value)} is not a list; accepted: ${SOURCES_ACCEPTED}.${meant}` };
  }
  if (value.length === 0) {
    return {
      reason: `An empty list would admit nobody; accepted: ${SOURCES_ACCEPTED}. Leave sources out to admit everyone.`,
    };
  }
  const cidrs: string[] = [];
  for (const element of value) {
    if (element === UNKNOWN) continue;
    const read = readSource(element);
    if ('reason' in read) return read;
    cidrs.push(printCidr(read.value));
  }
  return { value: cidrs };
}

/** The fewest CIDRs; null when they admit every address of their family. */
export function normaliseSources(cidrs: readonly string[]): string[] | null {
  const fewest = aggregate(cidrs);
  return fewest.some((cidr) => cidr.endsWith('/0')) ? null : fewest;
}

/** Why sources cannot reach a target of this family, or null. */
export function alienSource(cidrs: readonly string[], family: 4 | 6, target: string): string | null {
  const alien = cidrs.find((cidr) => cidr.includes(':') !== (family === 6));
  if (alien === undefined) return null;
  const mine = alien.includes(':') ? 'IPv6' : 'IPv4';
  return `${quote(alien)} is ${mine}, but the target ${quote(target)} is reached over IPv${family}; accepted: IPv${family} networks only.`;
}

function readSource(value: unknown): Read<Cidr> {
  if (typeof value === 'string') {
    const read = widenCidr(value);
    if (read?.exact) return { value: read.cidr };
    if (read) {
      const network = quote(printCidr(read.cidr));
      const host = quote(value.slice(0, value.indexOf('/')));
      return {
        reason: `${quote(value)} has address bits beyond its prefix. Did you mean ${network} (the network) or ${host} (one address)?`,
      };
    }
    if (value.startsWith('set:')) {
      return {
        reason: `${quote(value)}: "set:<name>" is reserved for address sets kept on the gateway and not usable yet; accepted: ${SOURCES_ACCEPTED}.`,
      };
    }
  }
  return { reason: `${quote(value)} is not a network; accepted: ${SOURCES_ACCEPTED}.${hint(value)}` };
}

function hint(value: unknown): string {
  if (typeof value !== 'string') return '';
  const text = value.trim().toLowerCase();
  if (['any', 'all', 'everyone', 'anywhere', '*', 'internet'].includes(text)) {
    return ' Leave sources out to admit everyone.';
  }
  const [address = '', prefix, ...rest] = text.split('/');
  const meant = meantAddress(address);
  if (meant === null || rest.length > 0) return meant === null && /[a-z]\.[a-z]/.test(text) ? NAMES : '';
  const bits = prefix === undefined ? null : maskBits(prefix);
  const cidr = widenCidr(bits === null ? meant : `${meant}/${bits}`)?.cidr;
  return cidr && (prefix === undefined || bits !== null) ? ` Did you mean "${printCidr(cidr)}"?` : '';
}

const NAMES = ' Host names are never looked up.';

/** `24`, `024` and `255.255.255.0` are 24; null for no mask. */
function maskBits(text: string): number | null {
  if (/^[0-9]{1,3}$/.test(text)) return Number(text) <= 128 ? Number(text) : null;
  const mask = parseAddress(text);
  if (mask?.family !== 4) return null;
  const bits = mask.value.toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? bits.replace(/0/g, '').length : null;
}
