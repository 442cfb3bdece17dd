import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { entriesOf } from '../../../../provider/backends/openwrt/codec';
import { judge } from '../../../../provider/backends/openwrt/judge';
import { parseChain } from '../../../../provider/backends/openwrt/nft-chain';
import { describeWhere } from '../../../support/needs';
import { renderTable } from './fw4-render';
import { written, zoneSections, zones } from './support';

/** As nft 1.0.6 printed it, with -s -a, for a ruleset made by the templates of firewall4. */
const PRINTED = `table inet fw4 {
	chain dstnat_wan { # handle 12
		meta nfproto ipv4 tcp dport 8443 counter dnat ip to 192.168.1.10:443 comment "!fw4: shop/prod/web" # handle 136
		ip saddr 198.51.100.7 tcp dport 8000-8010 counter log prefix "shop/prod/games: " dnat ip to 192.168.1.11:8000-8010 comment "!fw4: shop/prod/games" # handle 138
		ip saddr 198.51.100.0/24 ip daddr 203.0.113.7 tcp dport 8444 counter dnat ip to 192.168.1.12:8444 comment "!fw4: shop/prod/addr" # handle 139
		meta nfproto ipv6 tcp dport 25 counter dnat ip6 to [2001:db8:1000:1::1234]:25 comment "!fw4: Redirect test #6" # handle 140
		meta nfproto ipv4 tcp dport 26 counter redirect to :26 comment "!fw4: Redirect test #7" # handle 141
		meta nfproto ipv4 meta l4proto tcp counter dnat ip to 192.168.1.99 comment "!fw4: DMZ" # handle 144
		meta nfproto ipv4 counter dnat ip to 192.168.1.99 comment "!fw4: DMZ all" # handle 145
		ip saddr != 10.0.0.0/8 tcp dport != 77 counter dnat ip to 192.168.1.99 comment "!fw4: Not" # handle 146
		ip saddr 10.0.0.5-10.0.0.9 tcp sport 1000-2000 tcp dport 78 counter dnat ip to 192.168.1.99:78 comment "!fw4: range" # handle 147
		limit rate 10/minute tcp dport 79 counter dnat ip to 192.168.1.99:79 comment "!fw4: it's a 'quote' # handle 99 {" # handle 148
		meta nfproto ipv4 tcp dport 81 counter dnat ip to 192.168.1.1-192.168.1.9:81 comment "!fw4: addresses" # handle 150
		jump upnp_prerouting # handle 152
	}
}
table inet fw4 {
	chain forward_wan { # handle 5
		icmpv6 type { echo-request, echo-reply } limit rate 1000/second counter accept comment "!fw4: Allow-ICMPv6-Forward" # handle 114
		meta l4proto esp counter jump accept_to_lan comment "!fw4: Allow-IPSec-ESP" # handle 115
		ip6 saddr 2001:db8:ffff::/48 ip6 daddr 2001:db8:1::10 udp dport 5000-5005 counter accept comment "!fw4: six" # handle 118
		ip6 saddr & ::ffff:ffff:ffff:ffff == ::1 tcp dport 1 counter accept comment "!fw4: masked" # handle 119
		ip saddr { 198.51.100.0/24, 203.0.113.9 } tcp dport { 80, 443, 8000-8010 } counter accept comment "!fw4: many" # handle 108
		meta hour "08:00"-"17:00" meta day { "Monday", "Tuesday" } tcp dport 99 counter jump reject_to_lan comment "!fw4: Times" # handle 123
		meta mark 0x00000001 tcp sport 53 counter drop comment "!fw4: Mark" # handle 125
		ether saddr 00:11:22:33:44:55 counter drop comment "!fw4: Block mac" # handle 121
		ct status dnat accept comment "!fw4: Accept port forwards" # handle 126
		meta l4proto tcp reject with tcp reset comment "!fw4: Reject TCP traffic" # handle 130
		iifname "eth1" counter drop # handle 131
	}
}
`;

const rules = new Map(parseChain(PRINTED).map((rule) => [rule.handle, rule]));
const rule = (handle: number) => rules.get(handle);
const plain = { family: 4, sources: null, destinations: null, other: [], acceptsTranslated: false };

describe('what nft prints', () => {
  test.each<[number, object]>([
    [
      136,
      {
        ...plain,
        protocols: ['tcp'],
        ports: [{ from: 8443, to: 8443 }],
        verdict: { kind: 'dnat', address: '192.168.1.10', ports: { from: 443, to: 443 } },
        comment: '!fw4: shop/prod/web',
      },
    ],
    [138, { sources: ['198.51.100.7/32'], verdict: { ports: { from: 8000, to: 8010 } }, other: [] }],
    [139, { sources: ['198.51.100.0/24'], destinations: ['203.0.113.7/32'], other: [] }],
    [
      140,
      { family: 6, verdict: { kind: 'dnat', address: '2001:db8:1000:1::1234', ports: { from: 25, to: 25 } } },
    ],
    [141, { verdict: { kind: 'redirect', ports: { from: 26, to: 26 } } }],
    [
      144,
      { protocols: ['tcp'], ports: null, verdict: { kind: 'dnat', address: '192.168.1.99', ports: null } },
    ],
    [145, { protocols: null, ports: null }],
    [152, { verdict: { kind: 'jump', chain: 'upnp_prerouting' }, comment: null }],
    [115, { protocols: ['esp'], verdict: { kind: 'jump', chain: 'accept_to_lan' } }],
    [118, { family: 6, sources: ['2001:db8:ffff::/48'], destinations: ['2001:db8:1::10/128'], other: [] }],
    [
      108,
      {
        ports: [
          { from: 80, to: 80 },
          { from: 443, to: 443 },
          { from: 8000, to: 8010 },
        ],
        other: [],
      },
    ],
    [126, { acceptsTranslated: true, verdict: { kind: 'accept' } }],
    [130, { verdict: { kind: 'reject' }, comment: '!fw4: Reject TCP traffic', other: [] }],
    [131, { device: 'eth1', verdict: { kind: 'drop' } }],
    [148, { comment: "!fw4: it's a 'quote' # handle 99 {" }],
  ])('rule %d is understood', (handle, expected) => {
    expect(rule(handle)).toMatchObject(expected);
  });

  test.each([146, 147, 148, 150, 114, 119, 123, 125, 121])(
    'rule %d says more than we understand',
    (handle) => {
      expect(rule(handle)?.other.length).toBeGreaterThan(0);
    },
  );

  test('chains, tables and empty lines are no rules', () => {
    expect(parseChain('table inet fw4 {\n\tchain x { # handle 5\n\t}\n}\n\n')).toEqual([]);
  });

  test('hostile text ends in time and gives only rules', () => {
    const words = fc.constantFrom(
      '{',
      '}',
      '"',
      ' ',
      'ip',
      'saddr',
      'tcp',
      'dport',
      'dnat',
      'to',
      '80',
      '# handle 1',
      '\t',
      '\n',
      '!=',
      'comment',
      '\u0000',
      'é',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 200 }), (parts) => {
        for (const { handle, other } of parseChain(`${parts.join(' ')} # handle 7`)) {
          expect(Number.isSafeInteger(handle)).toBe(true);
          expect(Array.isArray(other)).toBe(true);
        }
      }),
      { numRuns: 3_000 },
    );
    const began = performance.now();
    for (const part of ['{', '"', '{"a"', '{ "a" ', 'ip saddr ', 'comment "', '__proto__ ', 'constructor '])
      parseChain(`${part.repeat(60_000 / part.length)} # handle 1\n`.repeat(3));
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

/** Loads a ruleset in a network namespace of its own, and lists its chains. */
function throughNft(ruleset: string, chains: readonly string[]): readonly string[] {
  const list = chains.map((chain) => `nft -s -a list chain inet fw4 ${chain}; echo ---`).join('; ');
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    ['--net', 'sh', '-euc', `cat > /dev/shm/$$.nft; nft -f /dev/shm/$$.nft; rm /dev/shm/$$.nft; ${list}`],
    { input: ruleset, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout.split('---\n').slice(0, -1);
}

const works = spawnSync('unshare', ['--net', 'nft', 'list', 'ruleset']).status === 0;

describeWhere(works ? null : 'no nft, or no network namespaces', 'with the real nft', () => {
  const chains = ['dstnat_wan', 'forward_wan', 'input_wan'] as const;
  const sections = [
    ...zoneSections,
    ...written({ externalPort: 8443 }, 'a/b/plain'),
    ...written({ externalPort: '8000-8010', protocol: 'tcp+udp' }, 'a/b/range'),
    ...written(
      { externalPort: '80,443', internalPort: '8080,8443', sources: ['198.51.100.0/24', '203.0.113.9'] },
      'a/b/many',
    ),
    ...written(
      { externalPort: 9000, wan: '203.0.113.7', sources: ['198.51.100.7'], log: true },
      'a/b/address',
    ),
    ...written({ externalPort: 9001, internalAddress: 'gateway' }, 'a/b/service'),
    ...written({ externalPort: 9002, internalPort: 22, internalAddress: 'gateway' }, 'a/b/shifted-service'),
    ...written(
      { externalPort: 9003, internalAddress: 'gateway', wan: '203.0.113.7', sources: ['10.0.0.0/8'] },
      'a/b/some',
    ),
    ...written(
      { externalPort: '443,5000-5001', internalAddress: '2001:db8:1::10', protocol: 'tcp+udp' },
      'a/b/six',
    ),
    ...written(
      { externalPort: 444, internalAddress: '2001:db8:1::10', sources: ['2001:db8:f::/48'] },
      'a/b/six-some',
    ),
    ...written({ externalPort: 445, internalAddress: '2001:db8:9::10' }, 'a/b/six-elsewhere'),
    ...written({ externalPort: '1-65535', protocol: 'udp' }, 'a/b/all'),
  ];
  const found = entriesOf(sections, zones);
  const look = (from: readonly (typeof sections)[number][]) => {
    const lists = throughNft(renderTable(from), chains);
    return new Map(chains.map((chain, index) => [chain as string, parseChain(lists[index] as string)]));
  };

  test('what fw4 would load of our sections is found again, each and all', () => {
    const { table, unsettled } = judge(
      { sections, zones, found, chains: look(sections), unread: [] },
      new Map(),
      [],
    );
    expect(unsettled).toBe('');
    expect(table.entries.map(({ restriction }) => restriction)).toEqual(table.entries.map(() => null));
    expect(table.entries.length).toBe(sections.length - zoneSections.length);
  });

  test('and each that is left out is missed', () => {
    const ours = sections.slice(zoneSections.length);
    for (const missing of ours.filter((_, index) => index % 3 === 0)) {
      const loaded = look(sections.filter((one) => one !== missing));
      const { table } = judge({ sections, zones, found, chains: loaded, unread: [] }, new Map(), []);
      const bad = table.entries.filter(({ restriction }) => restriction !== null);
      expect(bad.map(({ handle }) => handle)).toEqual([missing.name]);
    }
  });
});
