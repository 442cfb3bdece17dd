import type { IgdDevice, Service } from './device';
import type { Faults } from './faults';
import { SERVICE_URN } from './soap';
import { element } from './xml';

const DEVICE_URN = 'urn:schemas-upnp-org:device:';

export const DESCRIPTION_PATH = '/rootDesc.xml';
export const controlPath = ({ path }: Service): string => `/ctl/${path}`;
export const scpdPath = ({ path }: Service): string => `/scpd/${path}.xml`;

/** UPnP Device Architecture 1.1, section 2.3: the gateway, in it the WAN, in it a device for each connection. */
export function describeGateway(device: IgdDevice, faults: Faults): string {
  const of = (service: Service): string => describeService(service, faults);
  const [common, ...rest] = device.services;
  const connections = rest.filter(({ connection }) => connection !== null);
  const others = rest.filter(({ connection }) => connection === null);
  const inner = connections.map((service, index) =>
    describeDevice(
      device,
      'WANConnectionDevice',
      index + 2,
      [service, ...(index === 0 ? others : [])].map(of),
      [],
    ),
  );
  const wan = describeDevice(device, 'WANDevice', 1, common ? [of(common)] : [], inner);
  return (
    '<?xml version="1.0"?>\r\n<root xmlns="urn:schemas-upnp-org:device-1-0">' +
    '<specVersion><major>1</major><minor>1</minor></specVersion>' +
    (faults.urlBase === null ? '' : element('URLBase', faults.urlBase)) +
    describeDevice(device, 'InternetGatewayDevice', 0, [], [wan]) +
    '</root>\r\n'
  );
}

function describeDevice(
  { identity, habits }: IgdDevice,
  type: string,
  index: number,
  services: readonly string[],
  devices: readonly string[],
): string {
  const { friendlyName, manufacturer, modelName, modelNumber, serialNumber } = identity;
  const texts = {
    deviceType: `${DEVICE_URN}${type}:${habits.version}`,
    friendlyName: index === 0 ? friendlyName : type,
    manufacturer,
    modelDescription: modelName,
    modelName,
    modelNumber,
    serialNumber,
    UDN: partUdn(identity.udn, index),
  };
  const lines = Object.entries(texts).map(([name, text]) => element(name, text));
  const list = (name: string, items: readonly string[]): string =>
    items.length === 0 ? '' : `<${name}>${items.join('')}</${name}>`;
  return `<device>${lines.join('')}${list('serviceList', services)}${list('deviceList', devices)}</device>`;
}

function describeService(service: Service, { controlAt }: Faults): string {
  const texts = {
    serviceType: `${SERVICE_URN}${service.type}`,
    serviceId: `urn:upnp-org:serviceId:${service.id}`,
    SCPDURL: scpdPath(service),
    controlURL: `${controlAt ?? ''}${controlPath(service)}`,
    eventSubURL: `/evt/${service.path}`,
  };
  const lines = Object.entries(texts).map(([name, text]) => element(name, text));
  return `<service>${lines.join('')}</service>`;
}

/** The root's own name, and names that follow from it for the devices in it. */
export function partUdn(udn: string, index: number): string {
  const last = Number.parseInt(udn.slice(-1), 16) || 0;
  return index === 0 ? udn : udn.slice(0, -1) + ((last + index) % 16).toString(16);
}
