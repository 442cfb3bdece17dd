import { PortforwardError } from '../../rule/error';
import type { GatewayInfo } from '../backend';
import { adviceFor } from './advice';
import { upnpCapabilities } from './codec';
import type { UpnpConfig } from './config';
import { chooseConnection } from './connection';
import type { Located } from './find';
import { addressTowards, isIn, ownAddresses } from './interfaces';
import { locate } from './locate';
import { hostOf } from './location';
import { findPinholeWay } from './pinhole-way';
import type { PinholeWay } from './pinholes';
import { isPublic, type WanState, wanProblems } from './public-address';
import type { SearchSurroundings } from './search';
import { Transport } from './transport';
import type { WanConnection } from './wan';

/** A gateway that was found and answers. */
export interface OpenGateway {
  readonly udn: string | null;
  readonly model: string;
  readonly version: 1 | 2;
  /** Its address inside. */
  readonly host: string;
  /** The address of this machine that it sees, unless a NAT lies between. */
  readonly own: string;
  readonly connection: WanConnection;
  readonly wan: WanState;
  readonly pinholes: PinholeWay | null;
  /** Whether it can be relied on for who may connect. */
  readonly limitsSources: boolean;
  close(): Promise<void>;
}

/** Finds the gateway and makes its acquaintance. Throws PortforwardError, see `locate`. */
export async function openGateway(
  config: UpnpConfig,
  surroundings: SearchSurroundings,
  signal: AbortSignal,
): Promise<OpenGateway> {
  return acquaint(await locate(config, surroundings, signal), surroundings, signal);
}

/** Asks a gateway that was found what it is like. */
export async function acquaint(
  { location, description }: Located,
  surroundings: SearchSurroundings,
  signal: AbortSignal,
): Promise<OpenGateway> {
  const host = hostOf(location) as string;
  const own = await addressTowards(host);
  if (own === null)
    throw new PortforwardError('unreachable', `There is no way from this machine to ${host}.`, {
      hint: 'Look at its network.',
    });
  const transport = new Transport();
  try {
    const { connection, state } = await chooseConnection(description.connections, transport, signal);
    const pinholes = await findPinholeWay(description, own, surroundings, signal);
    const { udn, model, version, limitsSources } = description;
    return {
      udn,
      model,
      version,
      limitsSources,
      host,
      own,
      connection,
      wan: state,
      pinholes,
      async close() {
        await Promise.all([transport.close(), pinholes?.firewall.close()]);
      },
    };
  } catch (error) {
    await transport.close();
    throw error;
  }
}

/** What the session is told of it. */
export function infoOf(
  { udn, model, version, host, own, connection, wan, pinholes, limitsSources }: OpenGateway,
  { interfaces }: SearchSurroundings,
): GatewayInfo {
  const six = pinholes?.firewall.own ?? [];
  return {
    product: `${model}, UPnP IGD:${version}`,
    device: udn,
    capabilities: upnpCapabilities({ pinholes: pinholes !== null, sources: limitsSources }),
    // An address that is not public is told as a problem.
    wans: isPublic(wan) ? [{ name: connection.service.id, addresses: [wan.address] }] : null,
    lans: lansOf(own, host, interfaces),
    addresses: [host, ...(wan.address === '' ? [] : [wan.address])],
    management: [],
    problems: wanProblems(wan),
    advice: (forward) => adviceFor(forward, [own, ...six]),
  };
}

/**
 * The networks of the interface that leads to the gateway, if that is in one of them: mappings go to hosts there. Behind a NAT
 * of this machine's own (a container's) nothing is known.
 */
function lansOf(
  own: string,
  host: string,
  interfaces: SearchSurroundings['interfaces'],
): readonly string[] | null {
  const all = ownAddresses(interfaces);
  const mine = all.find(({ address }) => address === own);
  if (!mine || own.startsWith('127.')) return null;
  const lans = all.filter((one) => one.interface === mine.interface).map(({ network }) => network);
  return isIn(host, mine.network) ? [...new Set(lans)].filter((lan) => !lan.startsWith('fe80')) : null;
}
