import fc from 'fast-check';
import { compile } from '../../../../lab/simulators/openwrt/firewall/compile';
import type { NftChain } from '../../../../lab/simulators/openwrt/kernel/nft-rule';
import { faultIn, NftTable } from '../../../../lab/simulators/openwrt/kernel/nft-table';
import { printTable } from '../../../../lab/simulators/openwrt/kernel/print-table';
import { usualInterfaces } from '../../../../lab/simulators/openwrt/network/interfaces';
import { setOption } from '../../../../lab/simulators/openwrt/uci/edit';
import type { UciPackage } from '../../../../lab/simulators/openwrt/uci/package';
import { parseUci } from '../../../../lab/simulators/openwrt/uci/parse';
import { usualFirewall } from '../../../../lab/simulators/openwrt/usual/firewall';
import { describeWhere, missingForLab } from '../../../support/needs';
import { web } from './raw';
import { realNft } from './real-nft';

type Values = Readonly<Record<string, string | null | undefined>>;

const compiled = (sections: readonly (readonly [type: string, values: Values])[]) => {
  const uci: UciPackage = parseUci(usualFirewall);
  for (const [type, values] of sections) {
    let section = uci.add(type, null);
    for (const [name, value] of Object.entries(values))
      if (value) section = setOption(uci, section, name, value);
  }
  return compile(uci, usualInterfaces, {});
};

/**
 * As the simulator lists it, whatever nft would say of it. (A set that shrinks to one element when intervals are joined is
 * in braces only until it is read again; the values below make none.)
 */
function listed(chains: readonly NftChain[]): string {
  const table = new NftTable();
  for (const { name, hook, rules } of chains) {
    const chain = table.open(name);
    chain.hook = hook;
    for (const rule of rules) table.insert(chain, rule, false);
  }
  return printTable(table, { stateless: false, handles: false });
}

const pick = (...values: readonly (string | null)[]) => fc.constantFrom(...values);

const shared = {
  name: pick('web', 'a "quoted" name', "it's", null),
  family: pick(null, null, null, 'any', 'ipv4', 'ipv6'),
  src: pick('wan', 'wan', 'lan'),
  dest: pick('lan', 'lan', 'wan', null),
  proto: pick('tcp', 'udp', 'tcp udp', null, 'all', 'icmp', 'esp', '47', '253', 'sctp', 'ipv6-icmp'),
  src_port: pick(null, null, '1024-65535', '53'),
  src_mac: pick(null, null, '00:11:22:33:44:55', '0:11:22:33:44:55 00:11:22:33:44:56', '!00:11:22:33:44:55'),
  limit: pick(null, null, '10/minute', '7'),
  limit_burst: pick(null, '9', '5'),
  weekdays: pick(null, null, 'mon', 'Saturday sunday', '!fri tue'),
  mark: pick(null, null, '0x10', '!0x10/0xf0'),
  helper: pick(null, null, null, 'ftp'),
  log: pick(null, null, '1', 'mine: '),
  log_limit: pick(null, null, '10/hour'),
  counter: pick(null, null, '0'),
};

/** Not a date and an hour in one rule, over which nft 1.0.6 falls when it lists. */
const when = fc.constantFrom<Values>(
  {},
  {},
  { start_time: '08:00' },
  { stop_time: '18:00' },
  { start_time: '8:00:01', stop_time: '18:00' },
  { start_date: '2026-01-02' },
  { start_date: '2026-01-02T10:30' },
  { start_date: '2026-01-02', stop_date: '2027' },
);
const timed = (section: fc.Arbitrary<Values>): fc.Arbitrary<Values> =>
  fc.tuple(section, when).map(([values, times]) => ({ ...values, ...times }));

const redirect = fc.record({
  ...shared,
  src_ip: pick(
    null,
    null,
    '198.51.100.0/24',
    '198.51.100.1-198.51.100.9',
    '!198.51.100.7',
    'lan',
    '198.51.100.3/0.0.255.255',
  ),
  src_dip: pick(null, null, '203.0.113.7', '2001:db8:ffff::7'),
  src_dport: pick('443', '8000-8010', '8000:8010', '!25', '0-65535'),
  dest_ip: pick('192.168.1.10', '192.168.1.10', '2001:db8:1::5', '192.168.1.10-192.168.1.12', null),
  dest_port: pick(null, '8443', '9000-9010'),
  reflection_src: pick(null, 'external'),
});

const rule = fc.record({
  ...shared,
  src_ip: pick(
    null,
    null,
    '198.51.100.0/24 198.51.102.0/23',
    '2001:db8::/32 2001:db9::1',
    '!198.51.100.7 10.0.0.0/8',
    '::1/-64',
  ),
  dest_ip: pick(null, '2001:db8:1::5', '192.168.1.10', '192.168.1.10 2001:db8:1::5'),
  dest_port: pick(null, '443', '80 443 8000-8010', '80 81 82-90 443', '!22', '443 443'),
  icmp_type: pick(null, 'echo-request', 'echo-request 3/1 11', '128 135', 'redirect'),
  target: pick('ACCEPT', 'ACCEPT', 'DROP', 'reject', null),
});

describeWhere(missingForLab(), 'the simulated ruleset and the real nft', () => {
  test('a router as it comes out of the box lists what nft lists', () => {
    const text = listed(compiled([]).chains);
    expect(realNft(text)).toEqual({ listed: text, complaint: '' });
  });

  test('hundreds of random redirects and rules are printed as nft prints them', () => {
    fc.assert(
      fc.property(
        fc.array(timed(redirect), { minLength: 100, maxLength: 100 }),
        fc.array(timed(rule), { minLength: 100, maxLength: 100 }),
        (redirects, rules) => {
          const { chains } = compiled([
            ...redirects.map((values) => ['redirect', values] as const),
            ...rules.map((values) => ['rule', values] as const),
          ]);
          const text = listed(chains);
          const { listed: real, complaint } = realNft(text);
          expect(complaint).toBe('');
          expect(real.split('\n')).toEqual(text.split('\n'));
        },
      ),
      // The lines that differ are told anyway, and finding fewer of them takes minutes.
      { numRuns: 3, endOnFailure: true },
    );
  });

  test.each([
    ['a comment of 129 bytes', { name: 'x'.repeat(129 - '!fw4:  (reflection)'.length) }],
    ['a prefix of 128 bytes', { log: 'x'.repeat(128) }],
    ['a protocol that nobody knows', { proto: 'foo' }],
    ['a protocol of too high a number', { proto: '300' }],
    ['a prefix length that is too long', { src_ip: '198.51.100.1/33' }],
    ['a new port where no old one is told', { src_dport: null }],
    ['a range that falls', { src_ip: '198.51.100.9-198.51.100.1' }],
  ])('nft refuses %s, with the same words', (_, values) => {
    const { chains } = compiled([['redirect', { ...web, ...values }]]);
    const words = faultIn(chains)?.split(': 198')[0];
    expect(words).toBeDefined();
    expect(realNft(listed(chains)).complaint).toContain(`Error: ${words}`);
  });
});
