import type { OpenWrtOptions } from '../../../../lab/simulators/openwrt/options';
import { Practice, web } from './raw';

let practice: Practice;
async function start(options: OpenWrtOptions = {}): Promise<void> {
  practice = await Practice.start({ reloadDelay: 0, ...options });
}
beforeEach(() => start());
afterEach(() => practice.stop());

const forward = (values: Record<string, string | string[]> = {}, name = 'pf_web') =>
  practice.router.byHand.add('redirect', { ...web, ...values }, name);
const pinhole = (values: Record<string, string | string[]> = {}, name = 'pf_pin') =>
  practice.router.byHand.add(
    'rule',
    {
      name: 'pin',
      src: 'wan',
      dest: 'lan',
      proto: 'tcp',
      dest_ip: '2001:db8:1::5',
      dest_port: '443',
      target: 'ACCEPT',
      ...values,
    },
    name,
  );
const check = () => practice.router.device.firewall.check();
/** What fw4 says of this section, and whether it was loaded. */
const refused = async (values: Record<string, string | string[]>) => {
  forward(values);
  return {
    words: check().warnings.filter((line) => line.includes('pf_web')),
    chain: await practice.chain('dstnat_wan'),
  };
};

describe('what a redirect becomes', () => {
  test('a rule for each protocol in the chain of the zone, and the way back for who is inside', async () => {
    forward({ proto: 'tcp udp' });
    expect(await practice.chain('dstnat_wan')).toEqual([
      'meta nfproto ipv4 tcp dport 443 counter dnat ip to 192.168.1.10:443 comment "!fw4: web"',
      'meta nfproto ipv4 udp dport 443 counter dnat ip to 192.168.1.10:443 comment "!fw4: web"',
    ]);
    expect(await practice.chain('dstnat_lan')).toEqual([
      'ip saddr 192.168.1.0/24 ip daddr 203.0.113.7 tcp dport 443 dnat ip to 192.168.1.10:443 comment "!fw4: web (reflection)"',
      'ip saddr 192.168.1.0/24 ip daddr 203.0.113.7 udp dport 443 dnat ip to 192.168.1.10:443 comment "!fw4: web (reflection)"',
    ]);
    expect(await practice.chain('srcnat_lan')).toContain(
      'ip saddr 192.168.1.0/24 ip daddr 192.168.1.10 tcp dport 443 snat ip to 192.168.1.1 comment "!fw4: web (reflection)"',
    );
    expect(await practice.chain('forward_wan')).toContain(
      'ct status dnat accept comment "!fw4: Accept port forwards"',
    );
  });

  test('the protocol is TCP and UDP where none is told; ports default to the outer ones', async () => {
    forward({ proto: '', dest_port: '', src_dport: '8000-8010' });
    expect(await practice.chain('dstnat_wan')).toEqual([
      'meta nfproto ipv4 tcp dport 8000-8010 counter dnat ip to 192.168.1.10:8000-8010 comment "!fw4: web"',
      'meta nfproto ipv4 udp dport 8000-8010 counter dnat ip to 192.168.1.10:8000-8010 comment "!fw4: web"',
    ]);
  });

  test('without ports everything of the protocol goes there', async () => {
    forward({ src_dport: '', dest_port: '', counter: '0' });
    expect(await practice.chain('dstnat_wan')).toEqual([
      'meta nfproto ipv4 meta l4proto tcp dnat ip to 192.168.1.10 comment "!fw4: web"',
    ]);
  });

  test('without a target it goes to the router itself, at another port; the same port stays closed', async () => {
    forward({ dest_ip: '', dest: '', dest_port: '8443', name: '' });
    expect(await practice.chain('dstnat_wan')).toEqual([
      'meta nfproto ipv4 tcp dport 443 counter redirect to :8443 comment "!fw4: pf_web"',
    ]);
    expect(await practice.chain('input_wan')).toContain(
      'ct status dnat accept comment "!fw4: Accept port redirections"',
    );
  });

  test('sources, destinations, ranges and negations', async () => {
    forward({ src_ip: '198.51.100.0/24', src_dip: '203.0.113.7' });
    forward({ src_ip: '198.51.100.1-198.51.100.9', src_dport: '!25' }, 'b');
    forward({ src_ip: '!198.51.100.0/24' }, 'c');
    forward({ src_ip: 'lan' }, 'd');
    const lines = await practice.chain('dstnat_wan');
    expect(lines.map((line) => line.replace(/ counter.*/, ''))).toEqual([
      'ip saddr 198.51.100.0/24 ip daddr 203.0.113.7 tcp dport 443',
      'ip saddr 198.51.100.1-198.51.100.9 tcp dport != 25',
      'ip saddr != 198.51.100.0/24 tcp dport 443',
      'ip saddr 192.168.1.0/24 tcp dport 443',
    ]);
  });

  test('a network without an address, taken as source, lets everybody in', async () => {
    practice.router.interfaces = [
      ...practice.router.interfaces,
      { name: 'guest', device: 'br-guest', proto: 'static' },
    ];
    forward({ src_ip: 'guest' });
    expect(await practice.chain('dstnat_wan')).toEqual([
      'meta nfproto ipv4 tcp dport 443 counter dnat ip to 192.168.1.10:443 comment "!fw4: web"',
    ]);
  });

  test('IPv6: a target in brackets, and no reflection without masquerading', async () => {
    forward({ dest_ip: '2001:db8:1::5' });
    expect(await practice.chain('dstnat_wan')).toEqual([
      'meta nfproto ipv6 tcp dport 443 counter dnat ip6 to [2001:db8:1::5]:443 comment "!fw4: web"',
    ]);
    expect(await practice.chain('dstnat_lan')).toEqual([]);
  });

  test('logging, with the name or with words of its own', async () => {
    forward({ log: '1' });
    forward({ log: 'mine: ' }, 'b');
    forward({ log: '0' }, 'c');
    forward({ log: '1', log_limit: '10/minute' }, 'd');
    const lines = await practice.chain('dstnat_wan');
    expect(lines.map((line) => /log prefix "[^"]*"/.exec(line)?.[0])).toEqual([
      'log prefix "web: "',
      'log prefix "mine: "',
      undefined,
      'log prefix "web: "',
      undefined,
    ]);
    expect(lines[3]).toBe('meta nfproto ipv4 tcp dport 443 limit rate 10/minute log prefix "web: "');
  });

  test('reflection off, in another zone, and by the outer address', async () => {
    forward({ reflection: '0' });
    expect(await practice.chain('dstnat_lan')).toEqual([]);
    forward({ reflection: '1', reflection_src: 'external' });
    expect(await practice.chain('srcnat_lan')).toEqual([expect.stringContaining('snat ip to 203.0.113.7')]);
    practice.router.interfaces = practice.router.interfaces.map((one) =>
      one.name === 'wan' ? { ...one, addresses: [] } : one,
    );
    forward({ reflection_src: 'internal' });
    expect(await practice.chain('dstnat_lan')).toEqual([]);
    expect(check().warnings).toEqual([
      '[!] Section pf_web (web) external address range cannot be determined, disabling reflection',
    ]);
  });

  test('switched off it is left out; disabled rules say so', async () => {
    expect(await refused({ enabled: '0' })).toEqual({
      words: ['[!] Section pf_web (web) is disabled, ignoring section'],
      chain: [],
    });
  });
});

describe('what fw4 leaves out without a failure anywhere', () => {
  test.each([
    ['a port that is none', { src_dport: '443a' }, "option 'src_dport' specifies invalid value '443a'"],
    ['a port beyond all', { src_dport: '65536' }, "option 'src_dport' specifies invalid value '65536'"],
    ['a range that falls', { dest_port: '90-80' }, "option 'dest_port' specifies invalid value '90-80'"],
    ['ports in a list', { src_dport: ['80', '443'] }, "option 'src_dport' must not be a list"],
    ['sources in a list', { src_ip: ['198.51.100.1'] }, "option 'src_ip' must not be a list"],
    [
      'several ports in a text',
      { src_dport: '80 443' },
      "option 'src_dport' specifies invalid value '80 443'",
    ],
    ['a host name', { dest_ip: 'server.lan' }, "option 'dest_ip' specifies invalid value 'server.lan'"],
    ['a zone that is not there', { dest: 'dmz' }, "option 'dest' specifies invalid value 'dmz'"],
    ['a truth that is none', { reflection: 'maybe' }, "option 'reflection' specifies invalid value 'maybe'"],
  ])('%s', async (_, values, words) => {
    expect(await refused(values)).toEqual({
      words: [`[!] Section pf_web (web) ${words}`, '[!] Section pf_web (web) skipped due to invalid options'],
      chain: [],
    });
  });

  test.each([
    ['no source zone', { src: '' }, 'has no source specified'],
    ['any source zone', { src: '*' }, "must not have source '*' for dnat target"],
    ['a negated target', { dest_ip: '!192.168.1.10' }, "must not specify a negated 'dest_ip' value"],
    ['a set that is not there', { ipset: 'friends' }, "references unknown set 'friends'"],
    [
      'two families',
      { src_ip: '2001:db8::1' },
      'is restricted to IPv6 but referenced rewrite IP is IPv4 only, skipping',
    ],
  ])('%s', async (_, values, words) => {
    expect(await refused(values)).toEqual({ words: [`[!] Section pf_web (web) ${words}`], chain: [] });
  });

  test('the others are loaded; an unknown option and an inferred zone are only worth a word', async () => {
    forward({ src_dport: 'x' }, 'bad');
    forward({ pf_description: 'mine', dest: '' }, 'good');
    expect(await practice.chain('dstnat_wan')).toHaveLength(1);
    expect(check().warnings).toEqual(
      expect.arrayContaining([
        "[!] Section good (web) specifies unknown option 'pf_description'",
        "[!] Section good (web) does not specify a destination, assuming 'lan'",
      ]),
    );
  });

  test('an anonymous section is called by its place', () => {
    practice.router.byHand.add('redirect', { ...web, name: '', src_dport: 'x' });
    expect(check().warnings[1]).toBe('[!] Section @redirect[0] skipped due to invalid options');
  });
});

describe('what nft refuses, and with it the whole ruleset', () => {
  const long = (length: number) => 'x'.repeat(length);
  test.each([
    ['a comment of 129 bytes', { name: long(129 - '!fw4:  (reflection)'.length) }, /comment too long, 128/],
    ['a prefix of 128 bytes', { name: 'n', log: long(128) }, /Numerical result out of range/],
    ['a protocol that nobody knows', { proto: 'foo' }, /Could not resolve protocol name/],
    ['a prefix length that is too long', { src_ip: '198.51.100.1/33' }, /Prefix length 33 is invalid/],
    [
      'a new port where no old one is told',
      { src_dport: '' },
      /transport protocol mapping is only valid after/,
    ],
    ['a range that falls', { src_ip: '198.51.100.9-198.51.100.1' }, /Range has zero or negative size/],
  ])('%s: the old one stays in force, also for removals', async (_, values, words) => {
    forward({ name: 'old' }, 'pf_old');
    forward(values);
    practice.router.byHand.change('pf_old', { src_dport: '8443' });
    expect(await practice.chain('dstnat_wan')).toEqual([expect.stringContaining('tcp dport 443 counter')]);
    expect(check().fault).toMatch(words);
    const sid = await practice.login();
    const [, data] = await practice.call(sid, 'file', 'exec', { command: '/sbin/fw4', params: ['check'] });
    expect(data).toMatchObject({ code: 1, stderr: expect.stringMatching(words) });
    practice.router.byHand.remove('pf_web');
    expect(await practice.chain('dstnat_wan')).toEqual([expect.stringContaining('tcp dport 8443 counter')]);
  });

  test('one byte less is taken', async () => {
    forward({ name: long(128 - '!fw4:  (reflection)'.length) });
    forward({ name: 'n', log: long(127) }, 'b');
    expect(await practice.chain('dstnat_wan')).toHaveLength(2);
    const sid = await practice.login();
    const [, data] = await practice.call(sid, 'file', 'exec', { command: '/sbin/fw4', params: ['check'] });
    expect(data).toEqual({ code: 0, stdout: 'Ruleset passes nftables check.\n' });
  });

  test('somebody’s broken file beside it has the same effect', async () => {
    practice.router.device.firewall.refuseAll = 'syntax error, unexpected newline';
    forward();
    expect(await practice.chain('dstnat_wan')).toEqual([]);
    practice.router.device.firewall.refuseAll = null;
    expect(practice.router.device.firewall.reload().code).toBe(0);
    expect(await practice.chain('dstnat_wan')).toHaveLength(1);
  });
});

describe('when it is loaded', () => {
  test('a second after the last change that was written, whatever was only staged', async () => {
    await practice.stop();
    await start({ reloadDelay: 1000 });
    const sid = await practice.login();
    await practice.add(sid, 'pf_web');
    practice.clock.advance(5000);
    expect(practice.router.device.firewall.reloads).toBe(1);
    await practice.uci(sid, 'commit');
    practice.clock.advance(600);
    forward({}, 'pf_other');
    practice.clock.advance(999);
    expect(practice.router.device.firewall.reloads).toBe(1);
    const loaded = practice.router.device.firewall.reloaded();
    practice.clock.advance(1);
    await loaded;
    expect(practice.router.device.firewall.reloads).toBe(2);
    expect(await practice.chain('dstnat_wan')).toHaveLength(2);
  });

  test('a chain that was never wanted is missing; one that is not wanted any more stays, empty', async () => {
    const sid = await practice.login();
    const list = () => practice.nft(sid, 'list chain inet fw4 dstnat_wan');
    expect(await list()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No such file or directory'),
    });
    forward();
    practice.router.byHand.remove('pf_web');
    expect(await list()).toEqual({ code: 0, stdout: 'table inet fw4 {\n\tchain dstnat_wan {\n\t}\n}\n' });
    await practice.router.reboot();
    const again = await practice.login();
    expect((await practice.nft(again, 'list chain inet fw4 dstnat_wan')).code).toBe(1);
  });

  test('handles rise with every reload, counters start anew', async () => {
    forward();
    practice.router.byHand.traffic('web', 3, 180);
    const sid = await practice.login();
    const line = async () => (await practice.nft(sid, '-a list chain inet fw4 dstnat_wan')).stdout ?? '';
    const first = await line();
    expect(first).toContain('counter packets 3 bytes 180 dnat');
    expect(first).toMatch(/^\tchain dstnat_wan \{ # handle \d+$/m);
    practice.router.device.firewall.reload();
    const second = await line();
    expect(second).toContain('counter packets 0 bytes 0 dnat');
    const handle = (text: string) => Number(/"!fw4: web" # handle (\d+)/.exec(text)?.[1]);
    expect(handle(second)).toBeGreaterThan(handle(first));
  });
});

describe('others in the chains', () => {
  test('rules of services come first, and are named after them', async () => {
    await practice.stop();
    await start({
      services: {
        upnpd: [
          {
            type: 'redirect',
            src: 'wan',
            proto: 'udp',
            src_dport: 6881,
            dest_ip: '192.168.1.77',
            dest_port: 6881,
            dest: 'lan',
            reflection: 0,
          },
          { type: 'rule', src: 'wan', proto: 'tcp', dest_port: 22, target: 'DROP' },
        ],
      },
    });
    forward();
    expect(await practice.chain('dstnat_wan')).toEqual([
      expect.stringContaining(
        'udp dport 6881 counter dnat ip to 192.168.1.77:6881 comment "!fw4: ubus:upnpd redirect 0"',
      ),
      expect.stringContaining('"!fw4: web"'),
    ]);
    expect((await practice.chain('input_wan'))[0]).toBe(
      'tcp dport 22 counter drop comment "!fw4: ubus:upnpd rule 1"',
    );
  });

  test('what was added with nft is there until the next reload', async () => {
    forward();
    practice.router.byHand.nft('dstnat_wan', 'tcp dport 8080 dnat ip to 192.168.1.9:80', { first: true });
    practice.router.byHand.nft('upnp_prerouting', 'udp dport 1 dnat ip to 192.168.1.9:1', {
      comment: 'libminiupnpd',
    });
    expect(await practice.chain('dstnat_wan')).toEqual([
      'tcp dport 8080 dnat ip to 192.168.1.9:80',
      expect.stringContaining('"!fw4: web"'),
    ]);
    practice.router.device.firewall.reload();
    expect(await practice.chain('dstnat_wan')).toHaveLength(1);
  });
});

describe('zones', () => {
  test('a zone of several networks matches all their devices, and reflects from all their addresses', async () => {
    practice.router.interfaces = [
      ...practice.router.interfaces,
      { name: 'wanb', device: 'eth2', proto: 'dhcp', addresses: ['198.51.100.7/24'] },
      { name: 'vpn', device: 'wg0', proto: 'wireguard', addresses: ['10.8.0.1/24'], zone: 'lan' },
    ];
    practice.router.byHand.change('@zone[1]', { network: ['wan', 'wan6', 'wanb'] });
    forward();
    expect(practice.router.device.firewall.kernel.find('dstnat')?.rules.map(({ match }) => match)).toEqual([
      ['iifname { "wg0", "br-lan" }'],
      ['iifname { "eth1", "eth2" }'],
    ]);
    expect(await practice.chain('dstnat_lan')).toEqual([
      'ip saddr { 10.8.0.0/24, 192.168.1.0/24 } ip daddr { 198.51.100.7, 203.0.113.7 } tcp dport 443 dnat ip to 192.168.1.10:443 comment "!fw4: web (reflection)"',
    ]);
  });

  test('a pinhole is a rule in the forward chain that jumps to the zone', async () => {
    pinhole({ dest_port: '443 8000-8010', src_ip: ['2001:db8:5::/48', '2001:db8:6::1'] });
    expect((await practice.chain('forward_wan')).find((line) => line.includes('pin'))).toBe(
      'ip6 saddr { 2001:db8:5::/48, 2001:db8:6::1 } ip6 daddr 2001:db8:1::5 tcp dport { 443, 8000-8010 } counter jump accept_to_lan comment "!fw4: pin"',
    );
    practice.router.byHand.change('pf_pin', { dest: '', dest_ip: '', src_ip: '' });
    expect(await practice.chain('input_wan')).toContain(
      'tcp dport { 443, 8000-8010 } counter accept comment "!fw4: pin"',
    );
    practice.router.byHand.change('pf_pin', { target: 'REJECT' });
    expect(await practice.chain('input_wan')).toContain(
      'tcp dport { 443, 8000-8010 } counter jump handle_reject comment "!fw4: pin"',
    );
  });

  test('a broken file leaves no zone at all', async () => {
    practice.router.byHand.write("config zone 'open\n");
    expect(practice.router.device.firewall.kernel.find('input')?.rules).toHaveLength(2);
    expect(await practice.chain('input_wan')).toEqual([]);
  });
});

test('the network: interfaces with addresses and default routes, devices with their MAC', async () => {
  const sid = await practice.login();
  const [, dump] = await practice.call(sid, 'network.interface', 'dump');
  expect(dump?.interface.map(({ interface: name }: { interface: string }) => name)).toEqual([
    'loopback',
    'lan',
    'wan',
    'wan6',
  ]);
  expect(dump?.interface[2]).toMatchObject({
    up: true,
    l3_device: 'eth1',
    'ipv4-address': [{ address: '203.0.113.7', mask: 24 }],
    route: [{ target: '0.0.0.0', mask: 0, nexthop: '203.0.113.1' }],
  });
  expect(dump?.interface[1]['ipv6-prefix-assignment'][0]).toEqual({
    address: '2001:db8:1::',
    mask: 64,
    'local-address': { address: '2001:db8:1::1', mask: 64 },
  });
  const device = (args: object) => practice.call(sid, 'network.device', 'status', args);
  expect((await device({ name: 'br-lan' }))[1]).toMatchObject({
    macaddr: '02:00:5e:10:00:01',
    type: 'bridge',
  });
  expect(await device({ name: 'none' })).toEqual([4]);
  expect(Object.keys((await device({}))[1] ?? {})).toContain('eth1');
  expect(await practice.call(sid, 'network.interface', 'status', { interface: 'wan' })).toEqual([-32002]);
});
