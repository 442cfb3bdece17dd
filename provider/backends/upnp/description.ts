import { PortforwardError } from '../../rule/error';
import { hostOf, readHttpUrl } from './location';
import { printable } from './printable';
import { udnOf } from './ssdp';
import { child, type Element, MalformedXml, parseXml, textOf } from './xml';

/** A service of a gateway, and where it is spoken to. */
export interface Service {
  /** As it goes into SOAPAction: `urn:schemas-upnp-org:service:WANIPConnection:1`. */
  readonly type: string;
  /** Short name, for messages: `WANIPConn1`. */
  readonly id: string;
  readonly control: URL;
}

/** An Internet Gateway Device, as its description tells it. */
export interface GatewayDescription {
  /** `uuid:…`; null where it tells none. */
  readonly udn: string | null;
  /** What it calls itself, for messages. */
  readonly model: string;
  readonly version: 1 | 2;
  /** Services that can forward, the best first; at least one. */
  readonly connections: readonly Service[];
  /** Opens pinholes; null where it has none. */
  readonly firewall: Service | null;
  /**
   * Whether it can be relied on for who may connect. miniupnpd cannot: with nftables it never shows the limit, and its
   * lease file does not keep it, so that after a restart everyone may connect (measured on 2.3.1; so are its sources).
   */
  readonly limitsSources: boolean;
}

const IGD = /^urn:schemas-upnp-org:device:InternetGatewayDevice:([0-9]+)$/i;
/** In the order of preference; the rest of the name is the version. */
const CONNECTIONS = [
  /:service:WANIPConnection:2$/i,
  /:service:WANIPConnection:[0-9]+$/i,
  /:service:WANPPPConnection:[0-9]+$/i,
];
const FIREWALL = /:service:WANIPv6FirewallControl:[0-9]+$/i;

/**
 * Reads a device description (UDA 1.1, 2.3) fetched from `location`. Null where it describes no gateway that can forward. Throws
 * PortforwardError `refused` for what is no description, and where it would send us to another host than its own.
 */
export function readDescription(text: string, location: URL): GatewayDescription | null {
  let root: Element;
  try {
    root = parseXml(text);
  } catch (error) {
    if (!(error instanceof MalformedXml)) throw error;
    throw new PortforwardError(
      'refused',
      `The description at ${location.href} is no XML: ${error.message}.`,
      {
        hint: 'Is it the URL of a UPnP description? `portforward discover` shows those of this network.',
      },
    );
  }
  const gateway = devicesIn(root).find((device) => IGD.test(textOf(device, 'deviceType')));
  if (!gateway) return null;
  const base = readHttpUrl(textOf(root, 'URLBase')) ?? location;
  const services = [gateway, ...devicesIn(gateway)].flatMap((device) => servicesOf(device, base, location));
  const connections = CONNECTIONS.flatMap((type) => services.filter((one) => type.test(one.type)));
  if (connections.length === 0) return null;
  return {
    udn: udnOf(textOf(gateway, 'UDN')) || null,
    model: modelOf(gateway),
    version: Number(IGD.exec(textOf(gateway, 'deviceType'))?.[1]) >= 2 ? 2 : 1,
    connections: [...new Set(connections)],
    firewall: services.find(({ type }) => FIREWALL.test(type)) ?? null,
    limitsSources: ![gateway, ...devicesIn(gateway)].some(isMiniupnpd),
  };
}

/** Whatever the vendor calls the router, the program's own name stays on the devices inside it. */
function isMiniupnpd(device: Element): boolean {
  return ['manufacturer', 'modelName', 'modelDescription'].some((name) =>
    /miniupnp/i.test(textOf(device, name)),
  );
}

/** All devices below an element, each before those that it holds. Its depth is bounded by that of the document. */
function devicesIn(element: Element): readonly Element[] {
  return element.children.flatMap((one) => {
    if (one.name === 'device') return [one, ...devicesIn(one)];
    return one.name === 'deviceList' ? devicesIn(one) : [];
  });
}

function servicesOf(device: Element, base: URL, location: URL): readonly Service[] {
  const list = child(device, 'serviceList')?.children ?? [];
  return list.flatMap((service) => {
    const type = textOf(service, 'serviceType');
    if (![...CONNECTIONS, FIREWALL].some((known) => known.test(type))) return [];
    return [{ type, id: idOf(textOf(service, 'serviceId')), control: controlOf(service, base, location) }];
  });
}

/** Relative to URLBase, which version 1 has, else to the description itself. */
function controlOf(service: Element, base: URL, location: URL): URL {
  const text = textOf(service, 'controlURL');
  const url = text === '' ? null : readHttpUrl(text, base);
  if (url && hostOf(url) === hostOf(location)) return url;
  throw new PortforwardError(
    'refused',
    `The gateway's description at ${location.href} sends us to another host: "${printable(text)}" (base ${printable(base.href)}).`,
    { hint: 'Only the gateway itself is spoken to. Give its own description as `url`, by its own address.' },
  );
}

/** Out of `urn:upnp-org:serviceId:WANIPConn1`. */
function idOf(text: string): string {
  return printable(text).split(':').at(-1) ?? '';
}

/** Many say the same in both, or nothing in one. */
function modelOf(gateway: Element): string {
  const names = ['friendlyName', 'modelName', 'modelNumber'].map((name) => printable(textOf(gateway, name)));
  const [friendly = '', model = '', number = ''] = names;
  const kind = [model, number].filter((part) => part !== '').join(' ');
  if (friendly === '' || kind.startsWith(friendly)) return kind || friendly || 'UPnP gateway';
  return kind === '' || friendly.includes(model) ? friendly : `${friendly} (${kind})`;
}
