import { openwrtCapabilities } from '../../../../provider/backends/openwrt/codec';
import type { OptionValue, Section } from '../../../../provider/backends/openwrt/sections';
import { writeSection } from '../../../../provider/backends/openwrt/write-section';
import { readZones, type Zones } from '../../../../provider/backends/openwrt/zones';
import { expand } from '../../../../provider/rule/expand';
import { makeTag } from '../../../../provider/rule/identity';
import { normalise } from '../../../../provider/rule/normalise';
import type { Forward, RuleInputs } from '../../../../provider/rule/rule';

/** The usual interfaces of a home router, as `network.interface dump` tells them. */
export const dump = {
  interface: [
    { interface: 'loopback', up: true, l3_device: 'lo', 'ipv4-address': [{ address: '127.0.0.1', mask: 8 }] },
    {
      interface: 'lan',
      up: true,
      l3_device: 'br-lan',
      device: 'br-lan',
      'ipv4-address': [{ address: '192.168.1.1', mask: 24 }],
      'ipv6-prefix-assignment': [
        { address: '2001:db8:1::', mask: 60, 'local-address': { address: '2001:db8:1::1', mask: 60 } },
      ],
      route: [{ target: '10.20.0.0', mask: 16, nexthop: '192.168.1.2' }],
    },
    {
      interface: 'wan',
      up: true,
      l3_device: 'eth1',
      device: 'eth1',
      'ipv4-address': [{ address: '203.0.113.7', mask: 24 }],
      route: [{ target: '0.0.0.0', mask: 0, nexthop: '203.0.113.1' }],
    },
    {
      interface: 'wan6',
      up: true,
      l3_device: 'eth1',
      device: 'eth1',
      'ipv6-address': [{ address: '2001:db8:54::2', mask: 64 }],
      route: [{ target: '::', mask: 0, nexthop: 'fe80::1' }],
    },
  ],
};

export function section(
  type: string,
  name: string | null,
  options: Readonly<Record<string, OptionValue>>,
): Section {
  return { name: name ?? 'cfg0192bd', anonymous: name === null, type, options };
}

export const zoneSections = [
  section('zone', 'lan_zone', { name: 'lan', network: ['lan'], input: 'ACCEPT' }),
  section('zone', 'wan_zone', { name: 'wan', network: ['wan', 'wan6'], input: 'REJECT', masq: '1' }),
];

export const zones: Zones = readZones(dump, zoneSections, null);

export const ID = 'shop/prod/web';

export function forwardOf(inputs: Partial<RuleInputs> & Pick<RuleInputs, 'externalPort'>): Forward {
  return normalise({ name: 'web', internalAddress: '192.168.1.10', ...inputs }).forward;
}

/** The sections that stand for a rule of ours, as they are written. */
export function written(
  inputs: Partial<RuleInputs> & Pick<RuleInputs, 'externalPort'>,
  id = ID,
): readonly Section[] {
  return expand(forwardOf(inputs), openwrtCapabilities).map((forward, part) => {
    const tag = makeTag(id, forward, part);
    const wanted = writeSection({ tag, id, forward, lease: null }, zones);
    if ('message' in wanted) throw new Error(wanted.message);
    return section(wanted.type, tag, wanted.options);
  });
}
