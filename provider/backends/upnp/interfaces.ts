import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import {
  cidrContains,
  classify,
  parseAddress,
  parseCidr,
  printAddress,
  printCidr,
  widenCidr,
} from '../../rule/address';

/** One address of this machine. */
export interface OwnAddress {
  readonly interface: string;
  readonly family: 4 | 6;
  readonly address: string;
  /** The network that it lies in, as CIDR. */
  readonly network: string;
}

/** As `os.networkInterfaces`. */
export type Interfaces = () => NodeJS.Dict<NetworkInterfaceInfo[]>;

/** The addresses of this machine, loopback too. */
export function ownAddresses(interfaces: Interfaces = networkInterfaces): readonly OwnAddress[] {
  return Object.entries(interfaces()).flatMap(([name, infos]) =>
    (infos ?? []).flatMap((info): OwnAddress[] => {
      const address = parseAddress(info.address);
      const network = info.cidr ? widenCidr(info.cidr) : null;
      if (!address || !network) return [];
      return [
        {
          interface: name,
          family: address.family,
          address: printAddress(address),
          network: printCidr(network.cidr),
        },
      ];
    }),
  );
}

/**
 * Whether an address lies inside: private, on a link, of this machine, or in a network that this machine is on. UPnP is spoken
 * with nobody else, whatever an answer says: a device on the LAN could send us to any server otherwise.
 */
export function isInside(text: string, own: readonly OwnAddress[]): boolean {
  const address = parseAddress(text);
  if (!address) return false;
  if (['private', 'link-local', 'loopback'].includes(classify(address))) return true;
  return own.some(({ network }) => isIn(text, network));
}

/** Whether an address lies in a network (CIDR). */
export function isIn(text: string, network: string): boolean {
  const [address, cidr] = [parseAddress(text), parseCidr(network)];
  return address !== null && cidr !== null && cidrContains(cidr, address);
}

/** The address by which this machine speaks with `host`, as that sees it unless a NAT lies between. Sends nothing. */
export function addressTowards(host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    const end = (address: string | null): void => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => end(null));
    socket.once('connect', () => end(socket.address().address));
    // Any port: connecting a UDP socket only asks for the route.
    socket.connect(1900, host);
  });
}

/** The routers that IPv4 default routes lead to; empty where this system does not tell (Linux does, proc(5)). */
export function defaultGateways(
  read: () => string = () => readFileSync('/proc/net/route', 'utf8'),
): string[] {
  let table: string;
  try {
    table = read();
  } catch {
    return [];
  }
  const found = table.split('\n').flatMap((line) => {
    const [, destination, gateway] = line.split('\t');
    if (destination !== '00000000' || !/^[0-9A-F]{8}$/i.test(gateway ?? '') || gateway === '00000000')
      return [];
    // In the byte order of the machine: little-endian wherever Node runs.
    const octets = (gateway as string).match(/../g)?.reverse() ?? [];
    return [octets.map((octet) => Number.parseInt(octet, 16)).join('.')];
  });
  return [...new Set(found)];
}
