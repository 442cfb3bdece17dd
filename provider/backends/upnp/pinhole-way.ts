import { classify, parseAddress } from '../../rule/address';
import { PortforwardError } from '../../rule/error';
import type { GatewayDescription } from './description';
import { describe } from './find';
import { Firewall } from './firewall';
import { ownAddresses } from './interfaces';
import type { PinholeWay } from './pinholes';
import { type SearchSurroundings, search } from './search';
import { Transport } from './transport';

/**
 * The way to the IPv6 side of a gateway that was found over IPv4, by a search on the interface with our address `own`; null
 * where the gateway or this machine has none, or hosts may open no pinholes. It is believed to be the same gateway by its
 * UDN, so one without a name has no such side.
 */
export async function findPinholeWay(
  { udn, firewall }: GatewayDescription,
  own: string,
  surroundings: SearchSurroundings,
  signal: AbortSignal,
): Promise<PinholeWay | null> {
  if (!firewall || udn === null) return null;
  const addresses = ownAddresses(surroundings.interfaces);
  const link = addresses.find(({ address }) => address === own)?.interface;
  const six = addresses.filter((one) => one.interface === link && one.family === 6).map((one) => one.address);
  const usable = six.filter((address) => isUsable(address));
  if (link === undefined || usable.length === 0) return null;
  const { sightings } = await search(
    { family: 6, interfaces: [link], until: (sighting) => sighting.udn === udn },
    surroundings,
    signal,
  );
  signal.throwIfAborted();
  const sighting = sightings.find((one) => one.udn === udn);
  if (!sighting) return null;
  const transport = new Transport();
  try {
    const there = (await describe(sighting.url, transport, signal))?.description;
    if (there?.udn !== udn || !there.firewall) return null;
    const client = new Firewall(there.firewall, usable);
    if (await client.isOpen(signal)) return { firewall: client, boot: sighting.boot };
    await client.close();
    return null;
  } catch (error) {
    // IPv4 works all the same.
    if (signal.aborted || !(error instanceof PortforwardError)) throw error;
    return null;
  } finally {
    await transport.close();
  }
}

/** A pinhole leads to an address that the internet can reach; ULAs of a site with NAT66 or a lab count too. */
function isUsable(text: string): boolean {
  const address = parseAddress(text);
  return address !== null && ['global', 'private'].includes(classify(address));
}
