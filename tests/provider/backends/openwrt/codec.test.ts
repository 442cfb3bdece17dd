import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { entriesOf, openwrtCapabilities } from '../../../../provider/backends/openwrt/codec';
import { readSection } from '../../../../provider/backends/openwrt/read-section';
import type { OptionValue } from '../../../../provider/backends/openwrt/sections';
import { displayName, writeSection } from '../../../../provider/backends/openwrt/write-section';
import { readZones } from '../../../../provider/backends/openwrt/zones';
import { expand, fold } from '../../../../provider/rule/expand';
import { contentHash, makeTag, naturalKey } from '../../../../provider/rule/identity';
import { normalise } from '../../../../provider/rule/normalise';
import type { Forward, RuleInputs } from '../../../../provider/rule/rule';
import { dump, forwardOf, ID, section, written, zoneSections, zones } from './support';

type Options = Readonly<Record<string, OptionValue>>;

const base = { src: 'wan', dest: 'lan', proto: 'tcp', src_dport: '8443', dest_ip: '192.168.1.10' };
const read = (type: string, options: Options) => readSection(section(type, 'foreign', options), ['wan']);

describe('what is written', () => {
  const options = (inputs: Partial<RuleInputs> & Pick<RuleInputs, 'externalPort'>) =>
    written(inputs).map((one) => ({ type: one.type, ...one.options }));

  test.each<[string, Partial<RuleInputs>, object]>([
    [
      'a port',
      {},
      {
        type: 'redirect',
        name: ID,
        target: 'DNAT',
        src: 'wan',
        dest: 'lan',
        proto: 'tcp',
        src_dport: '8443',
      },
    ],
    ['another port inside', { internalPort: 443 }, { src_dport: '8443', dest_port: '443' }],
    ['both protocols, as text: `add` would append to a list', { protocol: 'tcp+udp' }, { proto: 'tcp udp' }],
    ['a range', { externalPort: '8000-8010' }, { src_dport: '8000-8010' }],
    ['a source', { sources: ['198.51.100.0/24'] }, { src_ip: '198.51.100.0/24' }],
    ['a WAN address', { wan: '203.0.113.7' }, { src: 'wan', src_dip: '203.0.113.7' }],
    ['a WAN zone', { wan: 'wan' }, { src: 'wan' }],
    ['hairpin on', { hairpin: true }, { reflection: '1' }],
    ['hairpin off', { hairpin: false }, { reflection: '0' }],
    ['a log', { log: true }, { log: '1' }],
    ['off', { enabled: false }, { enabled: '0' }],
    ['a description', { description: "Ann's photos" }, { pf_description: "Ann's photos" }],
    [
      'a service of the router on the same port: an opening, no redirect',
      { internalAddress: 'gateway' },
      { type: 'rule', target: 'ACCEPT', family: 'ipv4', src: 'wan', dest_port: '8443' },
    ],
    [
      'a service of the router on another port',
      { internalAddress: 'gateway', internalPort: 443 },
      { type: 'redirect', src: 'wan', src_dport: '8443', dest_port: '443' },
    ],
    [
      'a service of the router at one address',
      { internalAddress: 'gateway', wan: '203.0.113.7' },
      { type: 'rule', dest_ip: '203.0.113.7' },
    ],
    [
      'a pinhole',
      { internalAddress: '2001:db8:1::10' },
      { type: 'rule', family: 'ipv6', dest: 'lan', dest_ip: '2001:db8:1::10', dest_port: '8443' },
    ],
    ['a pinhole to elsewhere', { internalAddress: '2001:db8:9::10' }, { dest: '*' }],
  ])('%s', (_, inputs, expected) => {
    const [first] = options({ externalPort: 8443, ...inputs });
    expect(first).toMatchObject(expected);
  });

  test('nothing but what is needed: no list, no empty option', () => {
    const [first] = options({ externalPort: 8443 });
    expect(Object.keys(first as object).sort()).toEqual(
      ['dest', 'dest_ip', 'name', 'proto', 'src', 'src_dport', 'target', 'type'].sort(),
    );
    for (const value of Object.values(first as object)) expect(value).toMatch(/./);
  });

  test('a list of ports and a shifted range are many sections, and fold again', () => {
    const inputs = { externalPort: '80,443,9000-9002', internalPort: '80,443,7000-7002' };
    const sections = written({ ...inputs, sources: ['198.51.100.7', '203.0.113.9'] });
    expect(sections).toHaveLength(10);
    expect(new Set(sections.map(({ name }) => name)).size).toBe(10);
    const entries = entriesOf(sections, zones).map(({ entry }) => entry);
    expect(fold(entries.map(({ forward }) => forward))).toEqual(
      forwardOf({ ...inputs, sources: ['198.51.100.7', '203.0.113.9'] }),
    );
  });

  test.each<[string, Partial<RuleInputs>, RegExp]>([
    [
      'hairpin for a service of the router',
      { internalAddress: 'gateway', hairpin: true },
      /its LAN zone decides/,
    ],
    ['no hairpin for a pinhole', { internalAddress: '2001:db8:1::10', hairpin: false }, /directly/],
    ['a WAN that there is not', { wan: 'wwan' }, /no WAN zone and no address "wwan"; its WAN zones are wan/],
  ])('refuses %s', (_, inputs, words) => {
    const forward = forwardOf({ externalPort: 8443, ...inputs });
    const wanted = writeSection({ tag: 'x', id: ID, forward, lease: null }, zones);
    expect(wanted).toMatchObject({ message: expect.stringMatching(words), hint: expect.stringMatching(/./) });
  });

  test('with several WANs a rule must name one', () => {
    const second = { interface: 'wan2', l3_device: 'eth2', route: [{ target: '0.0.0.0', mask: 0 }] };
    const sections = [...zoneSections, section('zone', 'wan2_zone', { name: 'wan2', network: 'wan2' })];
    const two = readZones({ interface: [...dump.interface, second] }, sections, null);
    const entry = (wan?: string) => ({
      tag: 'x',
      id: ID,
      forward: forwardOf({ externalPort: 1, ...(wan === undefined ? {} : { wan }) }),
      lease: null,
    });
    expect(writeSection(entry(), two)).toMatchObject({ message: expect.stringContaining('wan, wan2') });
    expect(writeSection(entry('wan2'), two)).toMatchObject({ options: { src: 'wan2' } });
    expect(writeSection(entry('203.0.113.7'), two)).toMatchObject({ options: { src: 'wan' } });
  });

  test('a name longer than a comment may be is cut, and the id is kept beside it', () => {
    const id = `${'o'.repeat(150)}/stack/web`;
    const [one] = written({ externalPort: 8443 }, id);
    expect(String(one?.options.name)).toHaveLength(96);
    expect(one?.options).toMatchObject({ name: displayName(id), pf_id: id });
    expect(displayName(id)).toMatch(/^\.\.\.o+\/stack\/web$/);
    expect(entriesOf([one as never], zones)[0]?.entry.id).toBe(id);
  });
});

describe('what fw4 makes of a redirect', () => {
  test.each<[string, Options, Partial<Forward>]>([
    ['plain', base, { enabled: true, wan: 'wan', sources: null, hairpin: null, log: false }],
    ['the target by its beginning, in any case', { ...base, target: 'Dn' }, { enabled: true }],
    ['no protocol', { ...base, proto: undefined as never }, { traffic: both(8443) }],
    ['tcpudp', { ...base, proto: 'tcpudp' }, { traffic: both(8443) }],
    ['a list of protocols', { ...base, proto: ['udp', 'tcp'] }, { traffic: both(8443) }],
    ['protocols by number', { ...base, proto: '6 17' }, { traffic: both(8443) }],
    ['a range with a colon', { ...base, src_dport: '80:89' }, { traffic: one('tcp', 80, 89, 80) }],
    ['another port inside', { ...base, dest_port: '443' }, { traffic: one('tcp', 8443, 8443, 443) }],
    [
      'the same range inside',
      { ...base, src_dport: '80-89', dest_port: '80-89' },
      { traffic: one('tcp', 80, 89, 80) },
    ],
    [
      'no ports: all of them',
      { ...base, src_dport: undefined as never },
      { traffic: one('tcp', 1, 65535, 1) },
    ],
    ['no host: the router itself', { ...base, dest_ip: undefined as never }, { target: { kind: 'gateway' } }],
    ['a host with its mask', { ...base, dest_ip: '192.168.1.10/32' }, { target: host('192.168.1.10') }],
    ['a network of sources', { ...base, src_ip: '198.51.100.9/24' }, { sources: ['198.51.100.0/24'] }],
    [
      'with a dotted mask',
      { ...base, src_ip: '198.51.100.0/255.255.255.0' },
      { sources: ['198.51.100.0/24'] },
    ],
    ['one source', { ...base, src_ip: '198.51.100.9' }, { sources: ['198.51.100.9/32'] }],
    ['one address of the WAN', { ...base, src_dip: '203.0.113.7' }, { wan: '203.0.113.7' }],
    ['off', { ...base, enabled: '0' }, { enabled: false }],
    ['off in words', { ...base, enabled: 'no' }, { enabled: false }],
    ['reflection off', { ...base, reflection: '0' }, { hairpin: false }],
    ['reflection on', { ...base, reflection: 'yes' }, { hairpin: true }],
    ['a log', { ...base, log: '1' }, { log: true }],
    ['a log with a prefix of its own', { ...base, log: 'WEB ' }, { log: true }],
    ['no log', { ...base, log: '0' }, { log: false }],
    [
      'what restricts nothing',
      { ...base, counter: '0', log_limit: '1/s', reflection_src: 'external' },
      { enabled: true },
    ],
  ])('%s', (_, options, expected) => {
    const defined = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const found = read('redirect', defined);
    expect(found?.restrictions).toEqual([]);
    expect(found?.forward).toMatchObject(expected);
  });

  test.each<[string, Options]>([
    ['src_mac', { src_mac: '00:11:22:33:44:55' }],
    ['src_port', { src_port: '1000-2000' }],
    ['mark', { mark: '0x1' }],
    ['limit', { limit: '10/minute' }],
    ['helper', { helper: 'ftp' }],
    ['weekdays', { weekdays: 'Mon Tue' }],
    ['start_time', { start_time: '08:00' }],
    ['stop_date', { stop_date: '2027-01-01' }],
    ['ipset', { ipset: 'friends' }],
    ['extra', { extra: '-m x' }],
    ['an_option_of_tomorrow', { an_option_of_tomorrow: '1' }],
    ['src_ip', { src_ip: '!198.51.100.7' }],
    ['src_ip', { src_ip: '198.51.100.7-198.51.100.9' }],
    ['src_ip', { src_ip: 'lan' }],
    ['src_ip', { src_ip: ['198.51.100.7', '198.51.100.8'] }],
    ['src_ip', { src_ip: '2001:db8::1' }],
    ['src_dport', { src_dport: '!80' }],
    ['src_dport', { src_dport: ['80', '81'] }],
    ['src_dport', { src_dport: '80 81' }],
    ['src_dport', { src_dport: '0' }],
    ['src_dip', { src_dip: 'wan' }],
    ['src_dip', { src_dip: '203.0.113.0/24' }],
    ['dest_port', { src_dport: '80-89', dest_port: '90-99' }],
    ['dest_port', { src_dport: '80-89', dest_port: '90' }],
    ['dest_ip', { dest_ip: 'lan' }],
    ['dest_ip', { dest_ip: ['192.168.1.10'] }],
    ['proto', { proto: 'tcp icmp' }],
    ['proto', { proto: 'all' }],
    ['proto', { proto: '!udp tcp' }],
    ['enabled', { enabled: 'maybe' }],
    ['target', { target: 'nonsense' }],
    ['a name of more than 96 bytes', { name: 'ö'.repeat(49) }],
  ])('no rule of ours can say %s', (word, more) => {
    const found = read('redirect', { ...base, ...more });
    expect(found?.restrictions.join()).toContain(word);
  });

  test('no rule of ours can say that it takes IPv6 packets too', () => {
    const { dest_ip, ...rest } = base;
    expect(read('redirect', { ...rest, family: 'any' })?.restrictions).toEqual(["family 'any'"]);
    expect(read('redirect', { ...base, family: 'ipv4' })?.restrictions).toEqual([]);
  });

  test.each<[string, Options]>([
    ['an SNAT', { ...base, target: 'SNAT' }],
    ['from inside', { ...base, src: 'lan' }],
    ['from every zone', { ...base, src: '*' }],
    ['without a zone', { proto: 'tcp' }],
    ['of another protocol', { ...base, proto: 'icmp' }],
    ['of IPv6', { ...base, family: 'ipv6' }],
    ['to an IPv6 host', { ...base, dest_ip: '2001:db8::1' }],
  ])('a redirect %s is no forward', (_, options) => {
    expect(read('redirect', options)).toBeNull();
  });
});

describe('what fw4 makes of a traffic rule', () => {
  const service = { src: 'wan', proto: 'tcp', dest_port: '22', target: 'ACCEPT', family: 'ipv4' };
  const pinhole = { ...service, dest: 'lan', dest_ip: '2001:db8:1::10', family: 'ipv6' };

  test.each<[string, Options, Partial<Forward>]>([
    ['a service', service, { target: { kind: 'gateway' }, traffic: one('tcp', 22, 22, 22), wan: 'wan' }],
    [
      'several ports',
      { ...service, dest_port: '22 80-81' },
      { traffic: [{ protocol: 'tcp', ports: [span(22), { from: 80, to: 81, target: 80 }] }] },
    ],
    [
      'several sources',
      { ...service, src_ip: ['10.0.0.0/25', '10.0.0.128/25'] },
      { sources: ['10.0.0.0/24'] },
    ],
    ['at one address', { ...service, dest_ip: '203.0.113.7' }, { wan: '203.0.113.7' }],
    ['a pinhole', pinhole, { target: { kind: 'host', family: 6, address: '2001:db8:1::10' } }],
    [
      'a pinhole to any zone',
      { ...pinhole, dest: '*' },
      { target: { kind: 'host', family: 6, address: '2001:db8:1::10' } },
    ],
    ['a pinhole for some', { ...pinhole, src_ip: '2001:db8:f::/48' }, { sources: ['2001:db8:f::/48'] }],
  ])('%s', (_, options, expected) => {
    const found = read('rule', options);
    expect(found?.restrictions).toEqual([]);
    expect(found?.forward).toMatchObject(expected);
  });

  test.each<[string, Options]>([
    ['family', { family: 'any' }],
    ['device', { device: 'eth7' }],
    ['icmp_type', { icmp_type: 'echo-request' }],
    ['dest_ip', { dest_ip: '203.0.113.7 203.0.113.8' }],
  ])('no rule of ours can say %s', (word, more) => {
    expect(read('rule', { ...service, ...more })?.restrictions.join()).toContain(word);
  });

  test.each<[string, Options]>([
    ['that drops', { ...service, target: 'DROP' }],
    ['without a target', { src: 'wan', proto: 'tcp', dest_port: '22' }],
    ['for IPv6 alone', { ...service, family: 'ipv6' }],
    ['for all hosts inside', { src: 'wan', dest: 'lan', proto: 'udp', dest_port: '500', target: 'ACCEPT' }],
    ['to several hosts', { ...pinhole, dest_ip: ['2001:db8:1::10', '2001:db8:1::11'] }],
    ['to an IPv4 host without translation', { ...pinhole, family: 'ipv4', dest_ip: '192.168.1.10' }],
    ['of another protocol', { ...service, proto: 'icmp', icmp_type: 'echo-request' }],
  ])('a rule %s is no forward', (_, options) => {
    expect(read('rule', options)).toBeNull();
  });
});

describe('entries', () => {
  test('a foreign one says how a person finds it, and goes by the natural key', () => {
    const sections = [
      section('redirect', null, { ...base, src_dport: '1' }),
      section('redirect', null, { ...base, name: 'Web server' }),
    ].map((one, index) => ({ ...one, name: `cfg0${index}` }));
    const entries = entriesOf(sections, zones).map(({ entry }) => entry);
    expect(entries.map(({ label }) => label)).toEqual([
      'port forward "@redirect[0]"',
      'port forward "Web server"',
    ]);
    expect(entries.map(({ forward }) => naturalKey(forward))).toEqual(['tcp:1', 'tcp:8443']);
    expect(entries[0]).toMatchObject({ tag: null, id: null, handle: 'cfg00', changeable: true });
  });

  test('one of ours tells whether its rule named the zone, by the content in its tag', () => {
    for (const wan of [undefined, 'wan', '203.0.113.7']) {
      const [one] = written({ externalPort: 8443, ...(wan === undefined ? {} : { wan }) });
      const [entry] = entriesOf([one as never], zones);
      expect(entry?.entry.forward.wan).toBe(wan ?? null);
      expect(entry?.entry).toMatchObject({ tag: one?.name, id: ID, restriction: null });
    }
  });

  test('one of ours that somebody moved to another zone is still seen', () => {
    const [one] = written({ externalPort: 8443 });
    const moved = { ...(one as never as ReturnType<typeof section>) };
    const sections = [...zoneSections, { ...moved, options: { ...moved.options, src: 'lan' } }];
    const [found] = entriesOf(sections, readZones(dump, sections, null));
    expect(found?.entry).toMatchObject({ tag: one?.name, forward: { wan: 'lan' } });
  });

  test('a readable id that does not hash to the tag is nobody’s', () => {
    const [one] = written({ externalPort: 8443 });
    const options = { ...one?.options, name: 'shop/prod/other' };
    const [found] = entriesOf([{ ...(one as never as ReturnType<typeof section>), options }], zones);
    expect(found?.entry.id).toBeNull();
  });
});

test('10 000 random rules are written and read as they were', () => {
  const port = fc.integer({ min: 1, max: 65_535 });
  const range = fc.tuple(port, fc.integer({ min: 0, max: 12 })).map(([from, more]) => {
    const to = Math.min(from + more, 65_535);
    return { from, to };
  });
  const text = fc
    .string({ maxLength: 40 })
    .filter((one) => !/[\p{Cc}\u2028\u2029]|[\uD800-\uDFFF]/u.test(one));
  const rules = fc
    .record({
      range,
      shift: fc.constantFrom(0, 0, 1, -3, 1000),
      protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'tcp+udp' as const),
      target: fc.constantFrom('192.168.1.10', '192.168.1.254', 'gateway', '2001:db8:1::10', '10.20.3.4'),
      wan: fc.constantFrom(undefined, 'wan', '203.0.113.7'),
      sources: fc.constantFrom<readonly string[] | undefined>(
        undefined,
        ['198.51.100.7'],
        ['198.51.100.0/24', '203.0.113.9/32'],
      ),
      hairpin: fc.constantFrom(undefined, true, false),
      enabled: fc.boolean(),
      log: fc.boolean(),
      description: text,
    })
    .map(({ range: { from, to }, shift, target, wan, sources, hairpin, ...rest }): RuleInputs => {
      const six = target.includes(':');
      const inside = from + shift;
      const fits = !six && inside >= 1 && to + shift <= 65_535;
      const internal = fits ? `${inside}-${to + shift}` : `${from}-${to}`;
      return {
        name: 'web',
        externalPort: from === to ? from : `${from}-${to}`,
        internalPort: from === to ? Number(internal.split('-')[0]) : internal,
        internalAddress: target,
        ...(wan === undefined || (six && wan !== 'wan') ? {} : { wan }),
        ...(sources === undefined || six ? {} : { sources }),
        ...(hairpin === undefined || target === 'gateway' || six ? {} : { hairpin }),
        ...rest,
      };
    });
  const seed = Date.now() | 0;
  fc.assert(
    fc.property(rules, (inputs) => {
      const { forward } = normalise(inputs);
      const parts = expand(forward, openwrtCapabilities);
      const sections = parts.map((part, index) => {
        const tag = makeTag(ID, part, index);
        const wanted = writeSection({ tag, id: ID, forward: part, lease: null }, zones);
        if ('message' in wanted) throw new Error(wanted.message);
        return section(wanted.type, tag, wanted.options);
      });
      const entries = entriesOf(sections, zones).map(({ entry }) => entry);
      const hashes = (forwards: readonly Forward[]): string => forwards.map(contentHash).join();
      // A matcher for each of them takes longer than all the rest.
      return (
        entries.every(({ restriction }) => restriction === null) &&
        hashes(entries.map((entry) => entry.forward)) === hashes(parts) &&
        isDeepStrictEqual(fold(entries.map((entry) => entry.forward)), forward)
      );
    }),
    { numRuns: 10_000, seed },
  );
});

test('hostile sections throw nothing, and never become wider than they say', () => {
  const value = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom('tcp', 'wan', '80', '0-70000', '!', '*', '/', '-', '1.2.3.4/33', '::', 'DNAT', ''),
    fc.array(fc.string({ maxLength: 8 }), { maxLength: 4 }),
  );
  const names = ['src', 'dest', 'proto', 'src_dport', 'dest_ip', 'dest_port', 'src_ip', 'src_dip', 'target'];
  const options = fc.dictionary(
    fc.oneof(
      fc.constantFrom(...names, 'enabled', 'log', 'family', 'reflection'),
      fc.string({ minLength: 1, maxLength: 6 }),
    ),
    value,
    { maxKeys: 12 },
  );
  fc.assert(
    fc.property(fc.constantFrom('redirect', 'rule'), options, (type, some) => {
      const found = read(type, { ...some, src: 'wan' });
      if (!found) return;
      for (const { ports } of found.forward.traffic)
        for (const { from, to } of ports) {
          expect(from).toBeGreaterThanOrEqual(1);
          expect(to).toBeLessThanOrEqual(65_535);
        }
      const unreadable = typeof some.src_ip === 'string' && some.src_ip.includes('!');
      if (unreadable) expect(found.restrictions.join()).toContain('src_ip');
    }),
    { numRuns: 3_000 },
  );
});

function span(port: number) {
  return { from: port, to: port, target: port };
}

function one(protocol: 'tcp' | 'udp', from: number, to: number, target: number) {
  return [{ protocol, ports: [{ from, to, target }] }];
}

function both(port: number) {
  return [
    { protocol: 'tcp' as const, ports: [span(port)] },
    { protocol: 'udp' as const, ports: [span(port)] },
  ];
}

function host(address: string) {
  return { kind: 'host' as const, family: 4 as const, address };
}
