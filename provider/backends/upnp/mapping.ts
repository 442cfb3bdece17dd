import { parseAddress, printAddress } from '../../rule/address';
import type { Protocol } from '../../rule/rule';
import type { Outputs } from './soap';

/** What a gateway knows a mapping by. */
export interface MappingKey {
  readonly protocol: Protocol;
  readonly externalPort: number;
  /** Who may connect: one IPv4 address; '' = everyone. */
  readonly remoteHost: string;
}

/** What a mapping says beside its key. Texts are as the gateway shows them. */
export interface MappingContent {
  /** An IPv4 address; some routers show a name. */
  readonly client: string;
  readonly internalPort: number;
  readonly enabled: boolean;
  readonly description: string;
  /** Seconds that it still lives; 0 = it stays. */
  readonly lease: number;
}

/** One line of the gateway's table. */
export interface Mapping extends MappingKey, MappingContent {}

/** An answer that is no mapping: a protocol we do not know, a port that is none. */
export class UnreadableMapping extends Error {}

/** The whole of it, from GetGenericPortMappingEntry. Throws UnreadableMapping. */
export function readMapping(outputs: Outputs): Mapping {
  return {
    protocol: protocolOf(value(outputs, 'NewProtocol')),
    externalPort: portOf(value(outputs, 'NewExternalPort')),
    remoteHost: remoteHostOf(value(outputs, 'NewRemoteHost')),
    ...readContent(outputs),
  };
}

/** What GetSpecificPortMappingEntry tells: not who may connect. Throws UnreadableMapping. */
export function readContent(outputs: Outputs): MappingContent {
  const client = value(outputs, 'NewInternalClient');
  const address = parseAddress(client);
  const lease = value(outputs, 'NewLeaseDuration');
  return {
    client: address ? printAddress(address) : client,
    internalPort: portOf(value(outputs, 'NewInternalPort')),
    enabled: /^(1|true|yes)$/i.test(value(outputs, 'NewEnabled')),
    // As it is: it is put back byte for byte when a change fails.
    description: outputs.get('NewPortMappingDescription') ?? '',
    lease: /^[0-9]{1,10}$/.test(lease) ? Number(lease) : 0,
  };
}

/** One text for a key, as it stands in handles and messages. */
export function keyText({ protocol, externalPort, remoteHost }: MappingKey): string {
  return `${protocol}:${externalPort}@${remoteHost || '*'}`;
}

function value(outputs: Outputs, name: string): string {
  return outputs.get(name)?.trim() ?? '';
}

function protocolOf(text: string): Protocol {
  const protocol = text.toLowerCase();
  if (protocol === 'tcp' || protocol === 'udp') return protocol;
  throw new UnreadableMapping(`protocol "${text}"`);
}

/** 0 stands for every port in a mapping (WANIPConnection:2, 2.3.18). */
function portOf(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 0 || port > 65_535) throw new UnreadableMapping(`port "${text}"`);
  return port;
}

/** Routers spell "everyone" in several ways; miniupnpd takes all of these (measured). */
function remoteHostOf(text: string): string {
  if (['', '*', '0.0.0.0', 'any', '0'].includes(text.toLowerCase())) return '';
  const address = parseAddress(text);
  return address ? printAddress(address) : text;
}
