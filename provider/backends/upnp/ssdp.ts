import { printable } from './printable';

/** Bytes of a datagram that are looked at; a longer one is no answer to a search. */
export const LONGEST_DATAGRAM = 4096;
/** Seconds over which devices spread their answers (UDA 1.1, 1.3.2). */
export const SPREAD = 1;

const IGD = 'urn:schemas-upnp-org:device:InternetGatewayDevice';
const SERVICE = 'urn:schemas-upnp-org:service';

/** What nearly every gateway answers to; one of version 2 should answer for version 1 too. */
export const COMMON_TARGETS = [`${IGD}:2`, `${IGD}:1`] as const;

/** All that is asked for: some routers answer only for a service, and some only as a root device, as every television does. */
export const SEARCH_TARGETS = [
  ...COMMON_TARGETS,
  `${SERVICE}:WANIPConnection:2`,
  `${SERVICE}:WANIPConnection:1`,
  `${SERVICE}:WANPPPConnection:1`,
  'upnp:rootdevice',
] as const;

/** What a device answered to a search. */
export interface SsdpAnswer {
  /** URL of its description, as it stands there: to be checked against the sender before anybody follows it. */
  readonly location: string;
  /** What it answers for. */
  readonly target: string;
  /** `uuid:…`, out of its USN; '' where it tells none. */
  readonly udn: string;
  readonly server: string;
  /** Changes at every start of the device (UDA 1.1, 1.2); null where it tells none. */
  readonly boot: string | null;
}

/** A search for one target, to be sent to `host`: the multicast group, or one device. */
export function searchMessage(host: string, target: string): string {
  return [
    'M-SEARCH * HTTP/1.1',
    `HOST: ${host}:1900`,
    'MAN: "ssdp:discover"',
    `MX: ${SPREAD}`,
    `ST: ${target}`,
    '',
    '',
  ].join('\r\n');
}

/** Reads a datagram; null for whatever is no answer to a search. Never throws: anybody on the network can send one. */
export function readAnswer(datagram: Uint8Array): SsdpAnswer | null {
  if (datagram.length > LONGEST_DATAGRAM) return null;
  const [first, ...lines] = Buffer.from(datagram).toString('latin1').split(/\r?\n/);
  if (!/^HTTP\/1\.[01] 200(?: |$)/.test(first ?? '')) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  const location = headers.get('location');
  if (!location) return null;
  const boot = headers.get('bootid.upnp.org') ?? '';
  return {
    location,
    target: headers.get('st') ?? '',
    udn: udnOf(headers.get('usn') ?? ''),
    server: printable(headers.get('server') ?? ''),
    boot: /^[0-9]{1,10}$/.test(boot) ? boot : null,
  };
}

/** Whether it answers as a gateway, and not merely as some device. */
export function answersAsGateway({ target }: SsdpAnswer): boolean {
  return target !== 'upnp:rootdevice' && (SEARCH_TARGETS as readonly string[]).includes(target);
}

/** A device's unique name in one spelling: `uuid:` and lower case. '' for what is none. */
export function udnOf(text: string): string {
  const match = /^uuid:([0-9a-z._-]{1,100})(?:::|$)/i.exec(text.trim());
  return match ? `uuid:${(match[1] as string).toLowerCase()}` : '';
}
