/** A logical interface of the router, as `network.interface dump` tells it. */
export interface SimulatedInterface {
  readonly name: string;
  /** The device that carries IP. */
  readonly device: string;
  readonly proto: string;
  /** Default true. One that is down has no addresses, and a firewall zone has nothing of it to match. */
  readonly up?: boolean;
  /** With their prefix length, such as `203.0.113.7/24`. */
  readonly addresses?: readonly string[];
  /** IPv6 addresses of a prefix that was delegated to the router. */
  readonly assigned?: readonly string[];
  /** Next hops of default routes, IPv4 or IPv6. */
  readonly gateways?: readonly string[];
  /** A firewall zone that the interface's own configuration names, as VPNs do. */
  readonly zone?: string;
  /** Rules that the interface's protocol brings along, as they come from ubus. */
  readonly firewall?: readonly Readonly<Record<string, unknown>>[];
}

export interface SimulatedDevice {
  readonly name: string;
  readonly type: string;
  readonly mac: string;
  readonly members?: readonly string[];
}

/** A router with one LAN bridge and one WAN port, as it comes out of the box, with documentation addresses outside. */
export const usualInterfaces: readonly SimulatedInterface[] = [
  { name: 'loopback', device: 'lo', proto: 'static', addresses: ['127.0.0.1/8'] },
  {
    name: 'lan',
    device: 'br-lan',
    proto: 'static',
    addresses: ['192.168.1.1/24'],
    assigned: ['2001:db8:1::1/64', 'fd00:1::1/64'],
  },
  {
    name: 'wan',
    device: 'eth1',
    proto: 'dhcp',
    addresses: ['203.0.113.7/24'],
    gateways: ['203.0.113.1'],
  },
  {
    name: 'wan6',
    device: 'eth1',
    proto: 'dhcpv6',
    addresses: ['2001:db8:ffff::7/64'],
    gateways: ['fe80::1'],
  },
];

export const usualDevices: readonly SimulatedDevice[] = [
  { name: 'lo', type: 'Loopback', mac: '00:00:00:00:00:00' },
  { name: 'br-lan', type: 'bridge', mac: '02:00:5e:10:00:01', members: ['eth0'] },
  { name: 'eth0', type: 'Network device', mac: '02:00:5e:10:00:01' },
  { name: 'eth1', type: 'Network device', mac: '02:00:5e:10:00:02' },
];
