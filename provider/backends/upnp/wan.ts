import { parseAddress, printAddress } from '../../rule/address';
import { PortforwardError } from '../../rule/error';
import type { Service } from './description';
import {
  keyText,
  type Mapping,
  type MappingContent,
  type MappingKey,
  readContent,
  readMapping,
  UnreadableMapping,
} from './mapping';
import { type Arguments, UpnpFault } from './soap';
import type { Transport } from './transport';

/** Error codes of WANIPConnection:1 and :2 (2.5, tables of each action) that mean something to us. */
export const CODES = {
  invalidArgs: 402,
  actionFailed: 501,
  notAuthorized: 606,
  indexInvalid: 713,
  noSuchEntry: 714,
  conflict: 718,
  samePortsRequired: 724,
  onlyPermanentLeases: 725,
  remoteHostOnlyWildcard: 726,
  noPortsAvailable: 728,
  conflictWithOther: 729,
} as const;

/**
 * The actions of a WANIPConnection or WANPPPConnection that we use. DeletePortMappingRange is not among them: it removes
 * other hosts' mappings, on miniupnpd even in secure mode. Nor GetListOfPortMappings: over a wide range it ended miniupnpd
 * 2.3.1. Nor AddAnyPortMapping, which takes another port than the declared one. All measured.
 */
export class WanConnection {
  constructor(
    private readonly transport: Transport,
    readonly service: Service,
  ) {}

  /** What the table holds at an index; `end` beyond it, `unreadable` for what no rule could say. */
  async at(index: number, signal: AbortSignal): Promise<Mapping | 'unreadable' | 'end'> {
    try {
      const args = [['NewPortMappingIndex', index]] as const;
      return readMapping(await this.ask('GetGenericPortMappingEntry', args, signal));
    } catch (error) {
      if (error instanceof UnreadableMapping) return 'unreadable';
      // 713 by the specification; the other two have been seen.
      if (isFault(error, CODES.indexInvalid, CODES.noSuchEntry, CODES.invalidArgs)) return 'end';
      throw error;
    }
  }

  /** What stands under a key, or null. Whether that includes a mapping for another remote host differs between devices. */
  async under(key: MappingKey, signal: AbortSignal): Promise<MappingContent | null> {
    try {
      return readContent(await this.ask('GetSpecificPortMappingEntry', keyArguments(key), signal));
    } catch (error) {
      if (isFault(error, CODES.noSuchEntry, CODES.indexInvalid)) return null;
      if (!(error instanceof UnreadableMapping)) throw error;
      throw new PortforwardError(
        'refused',
        `The gateway shows a mapping for ${keyText(key)} that cannot be read (${error.message}).`,
        { hint: 'Remove it on its own pages.' },
      );
    }
  }

  /** Adds a mapping; for one that stands already, with the same client, renews it. */
  async add(mapping: Mapping, signal: AbortSignal): Promise<void> {
    const { client, internalPort, enabled, description, lease } = mapping;
    await this.transport.change(
      this.service,
      'AddPortMapping',
      [
        ...keyArguments(mapping),
        ['NewInternalPort', internalPort],
        ['NewInternalClient', client],
        ['NewEnabled', enabled ? 1 : 0],
        ['NewPortMappingDescription', description],
        ['NewLeaseDuration', lease],
      ],
      signal,
    );
  }

  /** Removes the mapping under exactly this key. That it is answered well means nothing: miniupnpd says so of any key. */
  async remove(key: MappingKey, signal: AbortSignal): Promise<void> {
    try {
      await this.transport.change(this.service, 'DeletePortMapping', keyArguments(key), signal);
    } catch (error) {
      if (!isFault(error, CODES.noSuchEntry)) throw error;
    }
  }

  /** The public address in canonical text; '' where it has none. */
  async externalAddress(signal: AbortSignal): Promise<string> {
    const text =
      (await this.ask('GetExternalIPAddress', [], signal)).get('NewExternalIPAddress')?.trim() ?? '';
    const address = parseAddress(text);
    return address ? printAddress(address) : '';
  }

  /** `Connected`, or another word of WANIPConnection:1, 2.2.4; '' where it does not say. */
  async status(signal: AbortSignal): Promise<string> {
    return (await this.ask('GetStatusInfo', [], signal)).get('NewConnectionStatus')?.trim() ?? '';
  }

  private ask(action: string, args: Arguments, signal: AbortSignal) {
    return this.transport.ask(this.service, action, args, signal);
  }
}

/** Whether an action was refused with one of these codes. */
export function isFault(error: unknown, ...codes: readonly number[]): error is UpnpFault {
  return error instanceof UpnpFault && codes.includes(error.upnp);
}

function keyArguments({ remoteHost, externalPort, protocol }: MappingKey): Arguments {
  return [
    ['NewRemoteHost', remoteHost],
    ['NewExternalPort', externalPort],
    // In upper case, or some routers refuse it.
    ['NewProtocol', protocol.toUpperCase()],
  ];
}
