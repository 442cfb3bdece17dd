import { networkProblems } from '../../../agent/kernel/facts';
import { readListeners } from '../../../agent/kernel/listeners';
import { describeNetwork, lanPrefixes, wanAddresses4 } from '../../../agent/kernel/network';

const addresses = [
  {
    ifname: 'lo',
    flags: ['LOOPBACK', 'UP'],
    addr_info: [{ local: '127.0.0.1', prefixlen: 8, scope: 'host' }],
  },
  {
    ifname: 'ppp0',
    flags: ['POINTOPOINT', 'UP'],
    addr_info: [
      { local: '198.51.100.1', prefixlen: 32, scope: 'global' },
      { local: '2001:db8:1::1', prefixlen: 64, scope: 'global' },
      { local: 'fe80::1', prefixlen: 64, scope: 'link' },
    ],
  },
  {
    ifname: 'br0',
    flags: ['UP'],
    addr_info: [
      { local: '192.168.50.1', prefixlen: 24, scope: 'global' },
      { local: '192.168.50.2', prefixlen: 24, scope: 'global' },
      { local: '2001:db8:50::1', prefixlen: 64, scope: 'global', tentative: true },
    ],
  },
  { ifname: 'bad name "x', flags: [], addr_info: [{ local: '10.0.0.1', prefixlen: 8, scope: 'global' }] },
];

test('the interfaces of the default routes are the WANs, those of other tables and with several hops too', () => {
  const network = describeNetwork(
    addresses,
    [
      [
        { dst: 'default', dev: 'ppp0' },
        { dst: '10.0.0.0/8', dev: 'br0' },
      ],
      [{ dst: 'default', nexthops: [{ dev: 'ppp0' }, { dev: 'wwan0' }] }],
    ],
    null,
  );
  expect(network.wans).toEqual([
    { name: 'ppp0', addresses: ['198.51.100.1', '2001:db8:1::1'] },
    { name: 'wwan0', addresses: [] },
  ]);
  expect(wanAddresses4(network)).toEqual(['198.51.100.1']);
  expect(lanPrefixes(network)).toEqual(['192.168.50.0/24']);
  expect(network.lanInterfaces).toEqual(['br0']);
});

test('named WANs are WANs, whether they are there or not', () => {
  const network = describeNetwork(addresses, [], ['br0', 'gone0']);
  expect(network.wans.map(({ name }) => name)).toEqual(['br0', 'gone0']);
  expect(network.lanInterfaces).toEqual(['ppp0']);
});

test.each([null, {}, 'x', [null], [{ ifname: 7 }], [{ ifname: 'a', addr_info: [null] }]])(
  '%j is no network and no error',
  (value) => {
    expect(() =>
      describeNetwork(Array.isArray(value) ? value.filter(Boolean) : value, [value], null),
    ).not.toThrow();
  },
);

describe('problems', () => {
  const network = describeNetwork(addresses, [], ['ppp0']);

  test('none where all is well', () => {
    expect(networkProblems(network, null, { v4: true, v6: true })).toEqual([]);
  });

  test('forwarding off is fatal for IPv4, and said for IPv6 only where the LAN has it', () => {
    expect(networkProblems(network, null, { v4: false, v6: false })).toMatchObject([
      { code: 'ip-forward-off', fatal: true },
    ]);
    const six = { ...network, lanNetworks: [{ name: 'br0', network: '2001:db8:50::/64' }] };
    expect(networkProblems(six, null, { v4: true, v6: false })).toMatchObject([
      { code: 'ip6-forward-off', fatal: false },
    ]);
  });

  test('no WAN, and a WAN without an address', () => {
    expect(networkProblems(describeNetwork(addresses, [], null), null, { v4: true, v6: true })).toMatchObject(
      [{ code: 'no-wan' }],
    );
    expect(
      networkProblems(describeNetwork(addresses, [], ['gone0']), ['gone0'], { v4: true, v6: true }),
    ).toMatchObject([{ code: 'wan-without-address', message: expect.stringContaining('gone0') }]);
  });
});

test('sockets that the WAN can reach, and no others', () => {
  const head =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
  const line = (local: string, state: string, remote = '00000000:0000') =>
    `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1`;
  const zero6 = '0'.repeat(32);
  const listeners = readListeners(
    {
      tcp: [
        head,
        line('00000000:0016', '0A'),
        line('0100007F:0277', '0A'),
        line('016433C6:01BB', '0A'),
        line('0132A8C0:1F90', '0A'),
        line('00000000:0016', '01', '0700CB71:9C40'),
      ].join('\n'),
      tcp6: [
        head,
        line(`${zero6}:0050`, '0A', `${zero6}:0000`),
        line('00000000000000000000000001000000:0051', '0A', `${zero6}:0000`),
      ].join('\n'),
      udp: [head, line('00000000:0044', '07'), line('016433C6:9C40', '01', '0700CB71:0035')].join('\n'),
      udp6: 'rubbish\n   0: zz:zz 00 07',
    },
    ['198.51.100.1'],
  );
  expect(listeners).toEqual([
    { protocol: 'tcp', address: '0.0.0.0', port: 22 },
    { protocol: 'udp', address: '0.0.0.0', port: 68 },
    { protocol: 'tcp', address: '::', port: 80 },
    { protocol: 'tcp', address: '198.51.100.1', port: 443 },
  ]);
});
