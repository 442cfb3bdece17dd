import fc from 'fast-check';
import { blockedBy, closedFilters } from '../../../agent/kernel/admission';
import { foreignForwards } from '../../../agent/kernel/foreign';
import { DEFAULT_MARK } from '../../../agent/kernel/names';
import type { Listed } from '../../../agent/kernel/nft';
import { readRuleText } from '../../../agent/kernel/rule-text';
import { needsText, readForeignTables, readTexts } from '../../../agent/kernel/ruleset';
import { entry } from './entries';

const network = {
  wans: [{ name: 'w0', addresses: ['198.51.100.1'] }],
  lanInterfaces: ['br0'],
  lanNetworks: [{ name: 'br0', network: '192.168.50.0/24' }],
  own: ['198.51.100.1', '192.168.50.1'],
};

/** As nft 1.0.6 prints what iptables-nft 1.8.9 wrote: the JSON leaves out what the text translates. */
const text = `table ip nat { # handle 1
	chain PREROUTING { # handle 1
		type nat hook prerouting priority dstnat; policy accept;
		iifname "w0" tcp dport 8080 counter packets 0 bytes 0 dnat to 192.168.50.10:80 # handle 2
		meta l4proto tcp tcp dport { 81, 82 } counter packets 0 bytes 0 dnat to 192.168.50.10 # handle 3
		udp dport 53 counter packets 0 bytes 0 redirect to :5353 # handle 4
		fib daddr type local counter packets 0 bytes 0 jump DOCKER # handle 6
		tcp dport 99  meta hour "10:00:00"-"11:00:00" counter packets 0 bytes 0 dnat to 192.168.50.10 # handle 8
		iifname "br0" tcp dport 80 counter packets 0 bytes 0 redirect to :3128 # handle 9
	}

	chain DOCKER { # handle 5
		iifname != "docker0" ip saddr 10.0.0.0/8 tcp dport 9000-9010 counter packets 0 bytes 0 dnat to 172.17.0.2:9000-9010 # handle 7
	}
}
table ip filter { # handle 2
	chain FORWARD { # handle 1
		type filter hook forward priority filter; policy drop;
		counter packets 0 bytes 0 jump ufw-before-forward # handle 3
	}

	chain ufw-before-forward { # handle 2
		ct state related,established counter packets 0 bytes 0 accept # handle 4
		meta l4proto icmp icmp type echo-request counter packets 0 bytes 0 accept # handle 5
	}
}
`;

/** A listing in which nothing but the text tells what the rules are. */
function listing(source: string): Listed[] {
  const objects: Listed[] = [];
  let [table, chain] = ['', ''];
  for (const line of source.split('\n')) {
    const [, kind, name] = /^\s*(table ip|chain) (\S+) \{/.exec(line) ?? [];
    const base = /type (\w+) hook (\w+) .*policy (\w+);/.exec(line);
    const handle = /# handle (\d+)$/.exec(line)?.[1];
    if (kind === 'table ip') {
      table = name as string;
      objects.push({ table: { family: 'ip', name: table } });
    } else if (kind === 'chain') {
      chain = name as string;
      objects.push({ chain: { family: 'ip', table, name: chain } });
    } else if (base) {
      const [, type = '', hook = '', policy = ''] = base;
      objects.pop();
      objects.push({ chain: { family: 'ip', table, name: chain, type, hook, prio: 0, policy } });
    } else if (handle) {
      objects.push({ rule: { family: 'ip', table, chain, handle: Number(handle), expr: [{ xt: null }] } });
    }
  }
  return objects;
}

const tables = (source = text) => readForeignTables(listing(source), readTexts(source));

test('forwards that iptables wrote are told with their targets', () => {
  expect(needsText(listing(text))).toBe(true);
  const told = foreignForwards(tables(), network).map(({ handle, forward, restriction }) => [
    handle,
    forward.traffic
      .map(
        ({ protocol, ports }) =>
          `${protocol} ${ports.map(({ from, to, target }) => `${from}-${to}>${target}`)}`,
      )
      .join(),
    forward.target.kind === 'host' ? forward.target.address : 'gateway',
    forward.wan,
    forward.sources,
    restriction !== null,
  ]);
  expect(told).toEqual([
    ['ip nat PREROUTING 2', 'tcp 8080-8080>80', '192.168.50.10', 'w0', null, false],
    ['ip nat PREROUTING 3', 'tcp 81-82>81', '192.168.50.10', null, null, false],
    ['ip nat PREROUTING 4', 'udp 53-53>5353', 'gateway', null, null, false],
    ['ip nat DOCKER 7', 'tcp 9000-9010>9000', '172.17.0.2', null, ['10.0.0.0/8'], false],
    ['ip nat PREROUTING 8', 'tcp 99-99>99', '192.168.50.10', null, null, true],
  ]);
});

test('without the text they are there all the same, their target unreadable', () => {
  const blind: Listed[] = [
    { table: { family: 'ip', name: 'nat' } },
    {
      chain: {
        family: 'ip',
        table: 'nat',
        name: 'PREROUTING',
        type: 'nat',
        hook: 'prerouting',
        prio: -100,
        policy: 'accept',
      },
    },
    {
      rule: {
        ...{ family: 'ip', table: 'nat', chain: 'PREROUTING', handle: 2 },
        expr: [
          { match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: 8080 } },
          { xt: { type: 'target', name: 'DNAT' } },
        ],
      },
    },
  ];
  expect(foreignForwards(readForeignTables(blind), network)).toMatchObject([
    {
      forward: { traffic: [{ protocol: 'tcp', ports: [{ from: 8080, to: 8080 }] }] },
      restriction: 'its target cannot be read',
    },
  ]);
});

describe('whether a firewall lets through, and the line that makes it', () => {
  const web = entry('web', { externalPort: 443 }).forward;
  const hint = (source: string) => blockedBy(web, tables(source), network, DEFAULT_MARK)?.hint;

  test('ufw', () => {
    expect(hint(text)).toContain(
      '`-A ufw-before-forward -m mark --mark 0x10000000/0x10000000 -j ACCEPT` into /etc/ufw/before.rules',
    );
    expect(closedFilters(tables(), network, DEFAULT_MARK)).toHaveLength(1);
    const line = '		meta mark & 0x10000000 == 0x10000000 counter packets 0 bytes 0 accept # handle 9\n';
    const opened = text.replace('		ct state related', `${line}		ct state related`);
    expect(hint(opened)).toBeUndefined();
    expect(closedFilters(tables(opened), network, DEFAULT_MARK)).toEqual([]);
  });

  const filter = (...rules: string[]) => `table ip filter { # handle 2
	chain FORWARD { # handle 1
		type filter hook forward priority filter; policy drop;
${rules.map((rule, at) => `		${rule} # handle ${at + 10}`).join('\n')}
	}

	chain DOCKER-USER { # handle 2
	}
}
`;

  test.each([
    [
      'Docker',
      ['jump DOCKER-USER', 'ct state related,established counter packets 1 bytes 2 accept'],
      'iptables -I DOCKER-USER',
    ],
    ['a port that is another', ['tcp dport 80 accept'], 'iptables -I DOCKER-USER'],
    ['another host', ['ip daddr 192.168.50.20 accept'], 'iptables -I DOCKER-USER'],
    ['the other way', ['iifname "br0" accept', 'oifname "w0" accept'], 'iptables -I DOCKER-USER'],
    [
      'dropped before it is accepted',
      ['iifname "w0" drop', 'ct status dnat accept'],
      'iptables -I DOCKER-USER',
    ],
    ['dnat accepted', ['ct status dnat accept'], undefined],
    ['the port accepted', ['tcp dport { 80, 440-450 } accept'], undefined],
    ['the host accepted', ['ip daddr 192.168.50.0/24 tcp dport 443 accept'], undefined],
    ['a sender accepted, perhaps ours', ['ip saddr 203.0.113.0/24 accept'], undefined],
    ['nobody knows what', ['somewhat odd accept'], undefined],
  ])('%s', (_, rules, wanted) => {
    if (wanted === undefined) expect(hint(filter(...rules))).toBeUndefined();
    else expect(hint(filter(...rules))).toContain(wanted);
  });

  test('firewalld, which has no word for a mark, and a chain that runs too early', () => {
    const plain = (name: string, prio: number): Listed[] => [
      { table: { family: 'inet', name } },
      {
        chain: {
          family: 'inet',
          table: name,
          name: 'filter_FORWARD',
          type: 'filter',
          hook: 'forward',
          prio,
          policy: 'drop',
        },
      },
    ];
    const said = (name: string, prio: number) =>
      blockedBy(web, readForeignTables(plain(name, prio)), network, DEFAULT_MARK)?.hint;
    expect(said('firewalld', 10)).toContain('StrictForwardPorts=no');
    const pinhole = entry('ssh', { externalPort: 22, internalAddress: '2001:db8:50::10' }).forward;
    const six = blockedBy(pinhole, readForeignTables(plain('firewalld', 10)), network, DEFAULT_MARK);
    expect(six?.message).toBe(
      'A firewall on the gateway drops new IPv6 connections to the LAN: table inet firewalld, chain filter_FORWARD.',
    );
    // Run word by word on firewalld 1.3, this opened the pinhole and nothing else.
    expect(six?.hint).toContain('--new-policy portforward');
    expect(six?.hint).toContain(
      'rule family=ipv6 destination address=2001:db8:50::10 port port=22 protocol=tcp accept',
    );
    expect(said('early', -10)).toContain('a priority above -5');
    expect(said('plain', 0)).toContain(
      'nft insert rule inet plain filter_FORWARD meta mark and 0x10000000 == 0x10000000 accept',
    );
  });
});

test.each([
  '',
  'dnat',
  'dnat to',
  'tcp',
  'tcp dport',
  'ct',
  'ct state',
  'meta mark &',
  'fib',
  'jump',
  '{',
  '"',
  'iifname !=',
])('a rule cut off after %j is read as far as it goes', (source) => {
  expect(() => readRuleText(source)).not.toThrow();
});

test('no ruleset of others, whatever it holds, makes it throw', () => {
  const kinds = ['table', 'chain', 'rule', 'set', 'map', 'counter', 'metainfo'];
  const words = [
    'match',
    'vmap',
    'dnat',
    'redirect',
    'jump',
    'goto',
    'accept',
    'drop',
    'return',
    'xt',
    'counter',
    'queue',
  ];
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(
        '@s',
        'w0',
        'tcp',
        'local',
        '==',
        '!=',
        'in',
        's',
        'c',
        80,
        null,
        '192.168.50.10',
        'dnat',
        'new',
      ),
      fc.dictionary(
        fc.constantFrom(
          'op',
          'left',
          'right',
          'meta',
          'key',
          'payload',
          'protocol',
          'field',
          'set',
          'concat',
          'range',
          'prefix',
          '&',
          'target',
          'addr',
          'port',
          'map',
          'data',
          'ct',
          'fib',
          'elem',
          'val',
        ),
        tie('value'),
        { noNullPrototype: true },
      ),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
  })).value;
  const object = fc.record({
    kind: fc.constantFrom(...kinds),
    name: fc.constantFrom('t', 'c', 's'),
    base: fc.boolean(),
    expr: fc.oneof(
      value,
      fc.array(fc.dictionary(fc.constantFrom(...words), value, { noNullPrototype: true })),
    ),
    elem: value,
  });
  fc.assert(
    fc.property(fc.array(object, { maxLength: 12 }), (objects) => {
      const listed = objects.map(({ kind, name, base, expr, elem }, handle) => ({
        [kind]: {
          ...{
            family: 'ip',
            table: 't',
            chain: 'c',
            name: kind === 'table' ? 't' : name,
            handle,
            expr,
            elem,
          },
          ...(base
            ? {
                type: handle % 2 ? 'nat' : 'filter',
                hook: handle % 2 ? 'prerouting' : 'forward',
                prio: 0,
                policy: 'drop',
              }
            : {}),
        },
      }));
      const tables = readForeignTables(listed as unknown as Listed[]);
      const { forward } = entry('web', { externalPort: 443 });
      for (const foreign of foreignForwards(tables, network))
        expect(foreign.forward.traffic.length).toBeGreaterThan(0);
      blockedBy(forward, tables, network, DEFAULT_MARK);
      closedFilters(tables, network, DEFAULT_MARK);
    }),
    { numRuns: 1000 },
  );
});
