import { lookup } from 'node:dns/promises';
import { parseAddress, printAddress } from '../../rule/address';
import type { ManagementPort } from '../backend';
import type { Zones } from './zones';

/**
 * Ports at the WAN that a forward may not take away: the one by which we speak with the router, if we come from there. From
 * inside, and through a tunnel to this machine, nothing is captured.
 */
export async function managementPorts(url: string, zones: Zones): Promise<readonly ManagementPort[]> {
  const { hostname, port, protocol } = new URL(url);
  const wan = new Set(zones.wan.flatMap(({ addresses }) => addresses));
  const hosts = await addressesOf(hostname.replace(/^\[|\]$/g, ''));
  if (!hosts.some((host) => wan.has(host))) return [];
  const number = Number(port || (protocol === 'https:' ? 443 : 80));
  return [{ protocol: 'tcp', port: number, service: 'the web interface (uhttpd)' }];
}

/** As the connection finds it; a name that is not known is reached by nobody. */
async function addressesOf(host: string): Promise<readonly string[]> {
  const address = parseAddress(host);
  if (address) return [printAddress(address)];
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.flatMap((one) => {
    const parsed = parseAddress(one.address);
    return parsed ? [printAddress(parsed)] : [];
  });
}
