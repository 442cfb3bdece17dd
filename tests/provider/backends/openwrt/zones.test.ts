import { managementPorts } from '../../../../provider/backends/openwrt/management';
import { problemsOf } from '../../../../provider/backends/openwrt/problems';
import { isZoneName } from '../../../../provider/backends/openwrt/zone-name';
import { readZones, zoneOfHost } from '../../../../provider/backends/openwrt/zones';
import { makeTag } from '../../../../provider/rule/identity';
import { dump, forwardOf, ID, section, zoneSections, zones } from './support';

const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
const second = {
  interface: 'wwan',
  l3_device: 'wwan0',
  'ipv4-address': [{ address: '100.64.3.4', mask: 10 }],
  route: [{ target: '0.0.0.0', mask: 0 }],
};
const reserve = { interface: 'lte', l3_device: 'lte0', 'ipv4-address': [{ address: '10.9.8.7', mask: 30 }] };

describe('zones', () => {
  test('WAN is where the default route is; the rest is inside', () => {
    expect(names(zones.wan)).toEqual(['wan']);
    expect(names(zones.lan)).toEqual(['lan']);
    expect(zones.watched).toEqual(['wan']);
    expect(zones.wan[0]).toMatchObject({ addresses: ['203.0.113.7', '2001:db8:54::2'], devices: ['eth1'] });
  });

  test('networks inside are those of the interfaces, of delegated prefixes and behind other routers', () => {
    expect(zones.lan[0]?.networks).toEqual(['192.168.1.0/24', '2001:db8:1::/60', '10.20.0.0/16']);
    expect(zones.lan[0]?.addresses).toEqual(['192.168.1.1', '2001:db8:1::1']);
    expect(zoneOfHost('10.20.9.9', zones)?.name).toBe('lan');
    expect(zoneOfHost('203.0.113.9', zones)).toBeNull();
    expect(zoneOfHost('not an address', zones)).toBeNull();
  });

  test('two lines are two WANs', () => {
    const two = [...zoneSections, section('zone', 'z', { name: 'mobile', network: 'wwan' })];
    expect(names(readZones({ interface: [...dump.interface, second] }, two, null).wan)).toEqual([
      'wan',
      'mobile',
    ]);
  });

  test('several interfaces in one zone are one WAN, with the addresses of both', () => {
    const one = [zoneSections[0] as never, section('zone', 'z', { name: 'wan', network: 'wan wwan' })];
    const read = readZones({ interface: [...dump.interface, second] }, one, null);
    expect(read.wan).toMatchObject([{ name: 'wan', addresses: ['203.0.113.7', '100.64.3.4'] }]);
  });

  test('the configured ones are taken instead, if they exist', () => {
    const more = [...zoneSections, section('zone', 'z', { name: 'mobile', network: ['lte'] })];
    const all = { interface: [...dump.interface, reserve] };
    expect(names(readZones(all, more, ['mobile']).wan)).toEqual(['mobile']);
    expect(() => readZones(all, more, ['moblie'])).toThrow(/no firewall zone "moblie".*lan, wan, mobile/s);
  });

  test('while the line is down, the zone called wan is the WAN', () => {
    const down = { interface: dump.interface.map(({ route, ...rest }) => rest) };
    expect(names(readZones(down, zoneSections, null).wan)).toEqual(['wan']);
  });

  test('a router without any is told so, and what to do', () => {
    const none = readZones({ interface: [] }, [section('zone', 'z', { name: 'inside' })], null);
    expect(problemsOf(none, 'pf')).toMatchObject([
      { code: 'no-wan-zone', fatal: true, hint: expect.stringContaining('inside') },
    ]);
  });

  test('a zone that holds entries of ours is watched, whatever its routes', () => {
    const tag = makeTag(ID, forwardOf({ externalPort: 1 }), 0);
    const more = [
      ...zoneSections,
      section('zone', 'z', { name: 'mobile', network: ['lte'] }),
      section('redirect', tag, { src: 'mobile', src_dport: '1', dest_ip: '192.168.1.2' }),
    ];
    expect(readZones({ interface: [...dump.interface, reserve] }, more, null).watched).toEqual([
      'wan',
      'mobile',
    ]);
  });

  test('zones that are off, or whose name no command could hold, are none', () => {
    const odd = [
      ...zoneSections,
      section('zone', 'a', { name: 'off', enabled: '0', network: 'wan' }),
      section('zone', 'b', { name: 'x;flush ruleset', network: 'wan' }),
      section('zone', 'c', { network: 'wan' }),
    ];
    expect(names(readZones(dump, odd, null).all)).toEqual(['lan', 'wan']);
    expect(isZoneName('wan_2.x-y')).toBe(true);
    for (const text of ['', '2wan', 'a b', 'a;b', 'a*', 'a/b', 'x'.repeat(40)])
      expect(isZoneName(text)).toBe(false);
  });

  test('an interface may name its zone itself, as VPN protocols do', () => {
    const vpn = {
      interface: 'vpn0',
      l3_device: 'tun0',
      data: { zone: 'lan' },
      'ipv4-address': [{ address: '10.8.0.1', mask: 24 }],
    };
    const read = readZones({ interface: [...dump.interface, vpn] }, zoneSections, null);
    expect(read.lan[0]?.networks).toContain('10.8.0.0/24');
  });

  test.each<[string, unknown]>([
    ['nothing', null],
    ['a list', []],
    ['interfaces that are no list', { interface: {} }],
    [
      'an address without a mask',
      { interface: [{ interface: 'x', 'ipv4-address': [{ address: '1.2.3.4' }] }] },
    ],
  ])('a dump of another shape is a version that we do not know: %s', (_, told) => {
    expect(() => readZones(told, zoneSections, null)).toThrow(expect.objectContaining({ code: 'version' }));
  });
});

describe('what is told of the router', () => {
  test('an address that another router hides', () => {
    const hidden = readZones(
      { interface: [dump.interface[1], second] },
      [zoneSections[0] as never, section('zone', 'z', { name: 'mobile', network: 'wwan' })],
      null,
    );
    expect(problemsOf(hidden, 'pf')).toMatchObject([
      { code: 'nat-upstream', fatal: false, message: expect.stringContaining('100.64.3.4') },
    ]);
    expect(problemsOf(zones, 'pf')).toEqual([]);
  });

  test('root may do everything', () => {
    expect(problemsOf(zones, 'root')).toMatchObject([{ code: 'root-account', fatal: false }]);
  });

  test.each<[string, number[]]>([
    ['https://192.168.1.1', []],
    ['https://203.0.113.7', [443]],
    ['http://203.0.113.7', [80]],
    ['https://203.0.113.7:8443', [8443]],
    ['https://[2001:db8:54::2]', [443]],
    ['https://127.0.0.1:9000', []],
    ['https://localhost', []],
    ['https://name.invalid', []],
  ])('managed through %s, these ports at the WAN are guarded: %p', async (url, ports) => {
    expect((await managementPorts(url, zones)).map(({ port }) => port)).toEqual(ports);
  });
});
