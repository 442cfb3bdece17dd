import type { Discovery, FoundGateway } from '../discovery';
import { LONGEST_LEASE } from './codec';
import { findGateways, type Located } from './find';
import { acquaint } from './gateway';
import { isPublic, whyUnreachable } from './public-address';
import type { SearchSurroundings } from './search';

/** Finds the UPnP gateways of this network, and asks each what it can do. Changes nothing. */
export async function discoverUpnp(
  interfaces: readonly string[] | null,
  surroundings: SearchSurroundings,
  signal: AbortSignal,
): Promise<Discovery> {
  const { gateways, asked, complaints } = await findGateways({ interfaces }, surroundings, signal);
  const told = await Promise.all(
    gateways.map(async (located) => {
      try {
        return await describe(located, surroundings, signal);
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    }),
  );
  return {
    gateways: told.filter((one) => typeof one !== 'string'),
    asked,
    complaints: [...complaints, ...told.filter((one) => typeof one === 'string')],
  };
}

async function describe(
  located: Located,
  surroundings: SearchSurroundings,
  signal: AbortSignal,
): Promise<FoundGateway> {
  const gateway = await acquaint(located, surroundings, signal);
  try {
    const { udn, model, version, own, wan, pinholes, limitsSources } = gateway;
    const url = located.location.href;
    return {
      kind: 'upnp',
      product: `${model}, UPnP IGD:${version}`,
      device: udn,
      url,
      publicAddress: isPublic(wan) ? wan.address : null,
      unreachable: whyUnreachable(wan),
      lease: leaseOf(version),
      pinholes: pinholes !== null,
      sources: limitsSources,
      ownAddress: own,
      arguments: udn === null ? { url } : { udn },
    };
  } finally {
    await gateway.close();
  }
}

/** WANIPConnection:2 bounds leases (2.3.16); what version 1 does shows with the first mapping. */
function leaseOf(version: 1 | 2): string {
  return version === 2 ? `up to ${LONGEST_LEASE / 86_400} days` : 'up to the gateway';
}
