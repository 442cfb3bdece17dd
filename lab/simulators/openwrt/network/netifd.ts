import { isIPv6 } from 'node:net';
import type { Methods, Reply } from '../ubus/bus';
import { ubusCode } from '../ubus/codes';
import type { SimulatedDevice, SimulatedInterface } from './interfaces';

/** Seconds that everything has been up, as long as nobody asks twice. */
const UPTIME = 86_400;

/** The object `network.interface`. */
export function interfaceMethods(interfaces: () => readonly SimulatedInterface[]): Methods {
  const one = (name: unknown): Reply => {
    if (typeof name !== 'string') return [ubusCode.invalidArgument];
    const found = interfaces().find((candidate) => candidate.name === name);
    return found ? [ubusCode.ok, status(found)] : [ubusCode.notFound];
  };
  return {
    dump: {
      args: {},
      run: () => [
        ubusCode.ok,
        { interface: interfaces().map((each) => ({ interface: each.name, ...status(each) })) },
      ],
    },
    status: { args: { interface: 'string' }, run: ({ interface: name }) => one(name) },
  };
}

/** The object of one interface alone. */
export function singleInterfaceMethods(
  interfaces: () => readonly SimulatedInterface[],
  name: string,
): Methods {
  const { status: any } = interfaceMethods(interfaces);
  return { status: { args: {}, run: (_, sid) => any?.run({ interface: name }, sid) ?? [ubusCode.notFound] } };
}

export function deviceMethods(devices: readonly SimulatedDevice[]): Methods {
  return {
    status: {
      args: { name: 'string' },
      run: ({ name }) => {
        if (name === undefined) {
          return [
            ubusCode.ok,
            Object.fromEntries(devices.map((device) => [device.name, deviceStatus(device)])),
          ];
        }
        const found = devices.find((device) => device.name === name);
        return found ? [ubusCode.ok, deviceStatus(found)] : [ubusCode.notFound];
      },
    },
  };
}

function status(one: SimulatedInterface): Record<string, unknown> {
  const up = one.up ?? true;
  return {
    up,
    pending: false,
    available: true,
    autostart: true,
    dynamic: false,
    ...(up ? { uptime: UPTIME, l3_device: one.device } : {}),
    proto: one.proto,
    device: one.device,
    ...(up ? upStatus(one) : {}),
    data: { ...(one.zone ? { zone: one.zone } : {}), ...(one.firewall ? { firewall: one.firewall } : {}) },
  };
}

function upStatus(one: SimulatedInterface): Record<string, unknown> {
  const addresses = (one.addresses ?? []).map(addressed);
  return {
    updated: ['addresses', 'routes'],
    metric: 0,
    dns_metric: 0,
    delegation: true,
    'ipv4-address': addresses.filter(({ address }) => !isIPv6(address)),
    'ipv6-address': addresses.filter(({ address }) => isIPv6(address)),
    'ipv6-prefix': [],
    'ipv6-prefix-assignment': (one.assigned ?? []).map((text) => {
      const { address, mask } = addressed(text);
      const prefix = address.replace(/::[^:]*$/, '::');
      return { address: prefix, mask, 'local-address': { address, mask } };
    }),
    route: (one.gateways ?? []).map((nexthop) => ({
      target: isIPv6(nexthop) ? '::' : '0.0.0.0',
      mask: 0,
      nexthop,
      source: isIPv6(nexthop) ? '::/0' : '0.0.0.0/0',
    })),
    'dns-server': [],
    'dns-search': [],
    neighbors: [],
    inactive: {
      'ipv4-address': [],
      'ipv6-address': [],
      route: [],
      'dns-server': [],
      'dns-search': [],
      neighbors: [],
    },
  };
}

function addressed(text: string): { address: string; mask: number } {
  const [address = '', mask = ''] = text.split('/');
  return { address, mask: Number(mask) };
}

function deviceStatus({ type, mac, members }: SimulatedDevice): Record<string, unknown> {
  return {
    external: false,
    present: true,
    type,
    up: true,
    carrier: true,
    auth_status: false,
    ...(members ? { 'bridge-members': members } : {}),
    mtu: 1500,
    mtu6: 1500,
    macaddr: mac,
    txqueuelen: 1000,
    ipv6: true,
    promisc: false,
  };
}
