import { type Address, classify, printAddress } from '../../provider/rule/address';
import type { ListenerWire } from '../api/wire';

/** What each table of /proc/net says of a socket that waits: TCP in LISTEN, UDP without a peer. */
const TABLES = [
  { name: 'tcp', protocol: 'tcp', state: '0A' },
  { name: 'tcp6', protocol: 'tcp', state: '0A' },
  { name: 'udp', protocol: 'udp', state: '07' },
  { name: 'udp6', protocol: 'udp', state: '07' },
] as const;

export const LISTENER_TABLES = TABLES.map(({ name }) => name);

/**
 * Sockets that connections from the WAN can reach now, from the text of /proc/net/{tcp,tcp6,udp,udp6} by name: those
 * on every address or on one of `own`. A forward of the same port takes their connections. Pure.
 */
export function readListeners(
  tables: Readonly<Record<string, string>>,
  wanAddresses: readonly string[],
): ListenerWire[] {
  const found = new Map<string, ListenerWire>();
  for (const { name, protocol, state } of TABLES) {
    for (const line of (tables[name] ?? '').split('\n').slice(1)) {
      const [, local, , status] = line.trim().split(/\s+/);
      const [hex = '', portHex = ''] = (local ?? '').split(':');
      if (status !== state || !/^(?:[0-9A-F]{8}|[0-9A-F]{32})$/i.test(hex)) continue;
      const parsed = socketAddress(hex);
      const address = printAddress(parsed);
      const port = Number.parseInt(portHex, 16);
      const open = parsed.value === 0n || (classify(parsed) !== 'loopback' && wanAddresses.includes(address));
      if (open && port > 0) found.set(`${protocol} ${address} ${port}`, { protocol, address, port });
    }
  }
  // By protocol as by a plain order of texts: a language's own order costs megabytes.
  const later = (a: string, b: string) => Number(a > b) - Number(a < b);
  return [...found.values()].sort((a, b) => a.port - b.port || later(a.protocol, b.protocol));
}

/** The kernel prints each 32-bit word in the byte order of the machine: little-endian wherever this runs. */
function socketAddress(hex: string): Address {
  const words = hex.match(/.{8}/g) ?? [];
  const text = words.map((word) => (word.match(/../g) ?? []).reverse().join('')).join('');
  const value = BigInt(`0x${text}`);
  if (hex.length === 32 && value >> 32n === 0xffffn) return { family: 4, value: value & 0xffffffffn };
  return { family: hex.length === 8 ? 4 : 6, value };
}
