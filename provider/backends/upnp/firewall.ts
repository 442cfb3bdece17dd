import type { Service } from './description';
import type { PinholeTuple } from './pinhole';
import { type Arguments, type Outputs, UpnpFault } from './soap';
import { Transport } from './transport';

/** Error codes of WANIPv6FirewallControl:1 (2.4, tables of each action) that mean something to us. */
export const FIREWALL_CODES = {
  invalidAction: 401,
  invalidArgs: 402,
  optionalAction: 602,
  notAuthorized: 606,
  noSpace: 701,
  firewallOff: 702,
  notAllowed: 703,
  noSuchEntry: 704,
  noTraffic: 709,
} as const;

/** Protocol numbers (IANA). */
const NUMBERS = { tcp: 6, udp: 17 } as const;

/**
 * The actions of WANIPv6FirewallControl:1. A gateway serves only the host itself, seen at the very address that the pinhole
 * goes to, so every request leaves from that address.
 */
export class Firewall {
  private readonly transports = new Map<string, Transport>();

  /** `own` = the IPv6 addresses of this machine that requests can leave from. */
  constructor(
    private readonly service: Service,
    readonly own: readonly string[],
  ) {}

  /** Whether hosts inside may open pinholes at all. */
  async isOpen(signal: AbortSignal): Promise<boolean> {
    const answer = await this.from('').ask(this.service, 'GetFirewallStatus', [], signal);
    return ['FirewallEnabled', 'InboundPinholeAllowed'].every((name) => isTrue(answer, name));
  }

  /** Opens a pinhole and answers its number; the very same again only lives longer, and keeps its number. */
  async add(tuple: PinholeTuple, lease: number, signal: AbortSignal): Promise<number> {
    const { protocol, port, client, remoteHost } = tuple;
    const args: Arguments = [
      ['RemoteHost', remoteHost],
      // Whatever port they come from.
      ['RemotePort', 0],
      ['InternalClient', client],
      ['InternalPort', port],
      ['Protocol', NUMBERS[protocol]],
      ['LeaseTime', lease],
    ];
    const answer = await this.from(client).change(this.service, 'AddPinhole', args, signal);
    const id = answer.get('UniqueID')?.trim() ?? '';
    if (/^[0-9]{1,5}$/.test(id)) return Number(id);
    throw new UpnpFault(0, `AddPinhole answered the number "${id}"`);
  }

  async remove(client: string, id: number, signal: AbortSignal): Promise<void> {
    try {
      await this.from(client).change(this.service, 'DeletePinhole', [['UniqueID', id]], signal);
    } catch (error) {
      if (!isFirewallFault(error, FIREWALL_CODES.noSuchEntry)) throw error;
    }
  }

  /**
   * Whether a number is that of a pinhole of this host. CheckPinholeWorking tells, where there is that action; miniupnpd
   * answers GetPinholePackets well also for what is gone (its source).
   */
  async exists(client: string, id: number, signal: AbortSignal): Promise<boolean> {
    const { invalidAction, optionalAction, invalidArgs, notAuthorized, noSuchEntry, noTraffic } =
      FIREWALL_CODES;
    const gone = [noSuchEntry, invalidArgs, notAuthorized];
    const args = [['UniqueID', id]] as const;
    for (const action of ['CheckPinholeWorking', 'GetPinholePackets']) {
      try {
        await this.from(client).ask(this.service, action, args, signal);
        return true;
      } catch (error) {
        if (isFirewallFault(error, noTraffic)) return true;
        if (isFirewallFault(error, ...gone)) return false;
        if (!isFirewallFault(error, invalidAction, optionalAction)) throw error;
      }
    }
    return false;
  }

  async close(): Promise<void> {
    const transports = [...this.transports.values()];
    this.transports.clear();
    await Promise.all(transports.map((transport) => transport.close()));
  }

  /** From an address of another host nothing can be sent: then the gateway shall say what it thinks of it. */
  private from(client: string): Transport {
    const local = this.own.includes(client) ? client : '';
    const known = this.transports.get(local);
    if (known) return known;
    const transport = local === '' ? new Transport() : new Transport(local);
    this.transports.set(local, transport);
    return transport;
  }
}

/** Whether an action was refused with one of these codes. */
export function isFirewallFault(error: unknown, ...codes: readonly number[]): error is UpnpFault {
  return error instanceof UpnpFault && codes.includes(error.upnp);
}

function isTrue(answer: Outputs, name: string): boolean {
  return /^(1|true|yes)$/i.test(answer.get(name)?.trim() ?? '');
}
