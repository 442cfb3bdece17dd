import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { SimulatorClock } from '../clock';
import type { Counters } from './counters';
import { partUdn } from './description';
import type { IgdDevice } from './device';
import type { Faults } from './faults';
import type { SsdpOptions } from './options';
import { SERVICE_URN } from './soap';

const GROUP = '239.255.255.250';

export interface SsdpParts {
  readonly device: IgdDevice;
  readonly faults: Faults;
  readonly counters: Counters;
  readonly clock: SimulatorClock;
  /** URL of the description, as it is now; null while nobody would answer there. */
  readonly location: () => string | null;
}

/** Answers searches (UPnP Device Architecture 1.1, section 1.3), by multicast and by unicast. */
export class SsdpResponder {
  private socket: Socket | null = null;
  private other: { readonly address: string; readonly socket: Socket } | null = null;

  constructor(private readonly parts: SsdpParts) {}

  /** The UDP port that it listens on; 0 when it does not. */
  get port(): number {
    return this.socket?.address().port ?? 0;
  }

  async listen({ port = 1900, address, multicastOn }: SsdpOptions): Promise<void> {
    // Shared, as with every other program that has to do with UPnP on this machine.
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.on('message', (data, peer) => void this.hear(data, peer));
    socket.on('error', () => undefined);
    socket.bind(port, address);
    await once(socket, 'listening');
    if (multicastOn !== undefined) socket.addMembership(GROUP, multicastOn);
    this.socket = socket;
  }

  close(): void {
    this.socket?.close();
    this.other?.socket.close();
    this.socket = null;
    this.other = null;
  }

  private async hear(data: Buffer, peer: RemoteInfo): Promise<void> {
    const search = readSearch(data.toString('latin1'));
    if (!search) return;
    const { counters, faults, device, clock, location } = this.parts;
    const args = new Map(Object.entries(search));
    counters.record({ name: 'search', from: peer.address, code: 0, args });
    const url = location();
    if (faults.deafToSearch || url === null) return;
    const answers = targetsOf(device).flatMap(([target, udn]) => {
      const heard = matches(search.st, target);
      if (heard === null) return [];
      const usn = heard.startsWith('uuid:') ? heard : `${udn}::${heard}`;
      return Buffer.from(
        [
          'HTTP/1.1 200 OK',
          'CACHE-CONTROL: max-age=1800',
          `ST: ${heard}`,
          `USN: ${usn}`,
          'EXT:',
          `SERVER: ${device.identity.server}`,
          `LOCATION: ${faults.location ?? url}`,
          'OPT: "http://schemas.upnp.org/upnp/1/0/"; ns=01',
          `01-NLS: ${device.bootId}`,
          `BOOTID.UPNP.ORG: ${device.bootId}`,
          'CONFIGID.UPNP.ORG: 1',
          '',
          '',
        ].join('\r\n'),
      );
    });
    if (answers.length === 0) return;
    if (faults.delay > 0) await new Promise<void>((resolve) => void clock.after(faults.delay, resolve));
    const sender = await this.sender();
    for (const datagram of [...faults.searchJunk, ...answers]) {
      counters.searchAnswers += 1;
      sender?.send(datagram, peer.port, peer.address);
    }
  }

  /** The socket that answers: the one that hears, or one on another address of this machine. */
  private async sender(): Promise<Socket | null> {
    const address = this.parts.faults.searchAnswersFrom;
    if (address === null) return this.socket;
    if (this.other?.address !== address) {
      this.other?.socket.close();
      const socket = createSocket('udp4');
      this.other = { address, socket };
      socket.bind(0, address);
      await once(socket, 'listening');
    }
    return this.other.socket;
  }
}

interface Search {
  readonly st: string;
  readonly mx: string;
  readonly host: string;
}

/** Null for what is no search: a device keeps silent to it. */
function readSearch(text: string): Search | null {
  const [first, ...lines] = text.split('\r\n');
  if (first !== 'M-SEARCH * HTTP/1.1') return null;
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, Math.max(colon, 0)).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const [st, host = '', mx = ''] = [headers.get('st'), headers.get('host'), headers.get('mx')];
  if (st === undefined || headers.get('man') !== '"ssdp:discover"') return null;
  // To all, a search must say how long it waits; to one, it need not (1.3.2).
  if (host.startsWith(GROUP) && !/^[0-9]+$/.test(mx)) return null;
  return { st, mx, host };
}

/** What it is, each with the name of the device in it that is that. */
function targetsOf({
  identity: { udn },
  habits,
  services,
}: IgdDevice): readonly (readonly [string, string])[] {
  const device = (type: string, index: number) =>
    [`urn:schemas-upnp-org:device:${type}:${habits.version}`, partUdn(udn, index)] as const;
  return [
    ['upnp:rootdevice', udn],
    [udn, udn],
    device('InternetGatewayDevice', 0),
    device('WANDevice', 1),
    device('WANConnectionDevice', 2),
    ...services.map(({ type }) => [`${SERVICE_URN}${type}`, partUdn(udn, 2)] as const),
  ];
}

/** What the answer calls it: as it was asked for, where that is this or an older version of it (1.3.3). */
function matches(asked: string, target: string): string | null {
  if (asked === 'ssdp:all' || asked === target) return target;
  const [, name, version] = /^(urn:.*):([0-9]+)$/.exec(asked) ?? [];
  const [, ownName, ownVersion] = /^(urn:.*):([0-9]+)$/.exec(target) ?? [];
  return name !== undefined && name === ownName && Number(version) < Number(ownVersion) ? asked : null;
}
