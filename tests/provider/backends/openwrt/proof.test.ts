import { entriesOf } from '../../../../provider/backends/openwrt/codec';
import { judge } from '../../../../provider/backends/openwrt/judge';
import { type NftRule, parseChain } from '../../../../provider/backends/openwrt/nft-chain';
import type { Section } from '../../../../provider/backends/openwrt/sections';
import { renderSection } from './fw4-render';
import { ID, section, written, zoneSections, zones } from './support';

const BETWEEN = 'ct status dnat accept comment "!fw4: Accept port forwards"';

/** Chains in which these lines are loaded, as nft would print them. */
function loaded(lines: Readonly<Record<string, readonly string[]>>): Map<string, readonly NftRule[]> {
  let handle = 100;
  const chain = (name: string): [string, readonly NftRule[]] => [
    name,
    parseChain((lines[name] ?? []).map((line) => `\t\t${line} # handle ${handle++}\n`).join('')),
  ];
  return new Map(['dstnat_wan', 'forward_wan', 'input_wan', 'upnp_prerouting', 'dstnat_lan'].map(chain));
}

/** What fw4 would load of the sections, after these lines. */
function lines(sections: readonly Section[], before: Readonly<Record<string, readonly string[]>> = {}) {
  const all: Record<string, string[]> = { forward_wan: [], input_wan: [], dstnat_wan: [] };
  for (const [chain, some] of Object.entries(before)) all[chain] = [...some];
  for (const { chain, rule } of sections.flatMap(renderSection)) {
    const printed = rule.replace(/dnat ([0-9])/, 'dnat ip to $1').replace('redirect to ', 'redirect to :');
    all[chain]?.push(printed);
  }
  for (const chain of ['forward_wan', 'input_wan']) all[chain]?.push(BETWEEN);
  return all;
}

function look(
  sections: readonly Section[],
  chains: Map<string, readonly NftRule[]>,
  reasons = new Map<string, string>(),
  removed: readonly Section[] = [],
) {
  const all = [...zoneSections, ...sections];
  const gone = entriesOf(removed, zones);
  const found = entriesOf(all, zones);
  const { table, unsettled } = judge({ sections: all, zones, found, chains, unread: [] }, reasons, gone);
  return { entries: table.entries, unsettled };
}

const web = written({ externalPort: 8443 });
const name = web[0]?.name as string;

describe('loaded or not', () => {
  test('what is loaded is as the configuration says', () => {
    expect(look(web, loaded(lines(web)))).toMatchObject({ unsettled: '', entries: [{ restriction: null }] });
  });

  test('what is not loaded says so, with the reason that fw4 gives', () => {
    const reasons = new Map([[name, "option 'dest_ip' specifies invalid value 'x'"]]);
    const { entries, unsettled } = look(web, loaded(lines([])), reasons);
    expect(entries[0]?.restriction).toBe(
      "the router did not load it: option 'dest_ip' specifies invalid value 'x'",
    );
    expect(entries[0]?.forward.enabled).toBe(true);
    expect(unsettled).toContain(name);
  });

  test('the reason for all stands for each', () => {
    const { entries } = look(
      web,
      loaded(lines([])),
      new Map([['', 'nft refuses the whole ruleset (syntax error)']]),
    );
    expect(entries[0]?.restriction).toContain('nft refuses the whole ruleset');
  });

  test.each<[string, string, RegExp]>([
    ['another host', 'dnat ip to 192.168.1.66:8443', /did not load/],
    ['another port inside', 'dnat ip to 192.168.1.10:22', /did not load/],
    ['a condition more', 'meta mark 0x1 dnat ip to 192.168.1.10:8443', /did not load/],
  ])('the name alone proves nothing: %s', (_, verdict, words) => {
    const chains = loaded({
      dstnat_wan: [`meta nfproto ipv4 tcp dport 8443 counter ${verdict} comment "!fw4: ${ID}"`],
    });
    expect(look(web, chains).entries[0]?.restriction).toMatch(words);
  });

  test('both protocols must be there', () => {
    const two = written({ externalPort: 53, protocol: 'tcp+udp' });
    const half = lines(two);
    half.dstnat_wan = (half.dstnat_wan ?? []).slice(0, 1);
    expect(look(two, loaded(half)).entries[0]?.restriction).toContain('did not load');
  });

  test('a source that is not in force is told as what is: everyone', () => {
    const some = written({ externalPort: 8443, sources: ['198.51.100.0/24'] });
    const { entries, unsettled } = look(some, loaded(lines(web)));
    expect(entries[0]).toMatchObject({ restriction: null, forward: { sources: null } });
    expect(unsettled).not.toBe('');
  });

  test('several sources of one rule are not taken for one another', () => {
    const some = written({ externalPort: 8443, sources: ['198.51.100.0/24', '203.0.113.0/24'] });
    expect(look(some, loaded(lines(some))).entries.map(({ forward }) => forward.sources)).toEqual([
      ['198.51.100.0/24'],
      ['203.0.113.0/24'],
    ]);
    const swapped = lines([some[1] as Section, web[0] as Section]);
    expect(look(some, loaded(swapped)).entries.map(({ forward }) => forward.sources)).toEqual([
      null,
      ['203.0.113.0/24'],
    ]);
  });

  test('off is proved too: what is still loaded is on', () => {
    const off = web.map((one) => ({ ...one, options: { ...one.options, enabled: '0' } }));
    expect(look(off, loaded(lines([]))).entries[0]?.forward.enabled).toBe(false);
    expect(look(off, loaded(lines(web))).entries[0]?.forward.enabled).toBe(true);
    expect(look(off, loaded(lines(web))).unsettled).toContain('still loaded');
  });

  test('removed is proved too: what is still loaded is still there, under its own tag', () => {
    const { entries, unsettled } = look([], loaded(lines(web)), new Map(), web);
    expect(entries).toMatchObject([
      { handle: name, tag: name, restriction: expect.stringContaining('still') },
    ]);
    expect(unsettled).not.toBe('');
    expect(look([], loaded(lines([])), new Map(), web)).toEqual({ entries: [], unsettled: '' });
  });

  test('a chain that could not be read proves nothing, and accuses nobody', () => {
    const chains = loaded(lines([]));
    chains.delete('dstnat_wan');
    expect(look(web, chains)).toMatchObject({ unsettled: '', entries: [{ restriction: null }] });
  });

  test('a foreign section that fw4 skipped is not taken for open', () => {
    const foreign = section('redirect', null, {
      name: 'Mine',
      src: 'wan',
      proto: 'tcp',
      src_dport: '1',
      dest_ip: '192.168.1.9',
    });
    expect(look([foreign], loaded(lines([]))).entries[0]?.restriction).toContain('did not load');
    const chains = loaded({
      dstnat_wan: ['meta nfproto ipv4 tcp dport 1 counter dnat ip to 192.168.1.9:1 comment "!fw4: Mine"'],
    });
    expect(look([foreign], chains)).toMatchObject({ unsettled: '', entries: [{ restriction: null }] });
  });
});

describe('hairpin', () => {
  const on = written({ externalPort: 8443, hairpin: true });
  const reflected = `ip saddr 192.168.1.0/24 ip daddr 203.0.113.7 tcp dport 8443 dnat ip to 192.168.1.10:8443 comment "!fw4: ${ID} (reflection)"`;

  test('on is proved by the rule in the chain of the zone inside', () => {
    expect(look(on, loaded({ ...lines(on), dstnat_lan: [reflected] })).entries[0]?.forward.hairpin).toBe(
      true,
    );
  });

  test('and is off where fw4 reflected nothing', () => {
    const { entries, unsettled } = look(on, loaded(lines(on)));
    expect(entries[0]?.forward.hairpin).toBe(false);
    expect(unsettled).toContain('reflected');
  });
});

describe('what is loaded and in no section', () => {
  test('a redirect of a service is a foreign entry that nobody can change', () => {
    const chains = loaded({
      dstnat_wan: [
        'meta nfproto ipv4 tcp dport 80 counter dnat ip to 192.168.1.20:8080 comment "!fw4: ubus:proxy[instance1] redirect 0"',
      ],
    });
    const { entries, unsettled } = look([], chains);
    expect(entries).toMatchObject([
      {
        tag: null,
        changeable: false,
        forward: { wan: null, traffic: [{ protocol: 'tcp', ports: [{ from: 80, to: 80, target: 8080 }] }] },
      },
    ]);
    expect(entries[0]?.label).toContain('ubus:proxy');
    expect(unsettled).toBe('');
  });

  test('a mapping of a UPnP client too; it does not last', () => {
    const chains = loaded({
      upnp_prerouting: ['iif "eth1" meta nfproto ipv4 udp dport 7777 dnat ip to 192.168.1.77:7777'],
    });
    expect(look([], chains).entries).toMatchObject([
      {
        changeable: false,
        permanent: false,
        label: expect.stringContaining('UPnP'),
        forward: { target: { address: '192.168.1.77' } },
      },
    ]);
  });

  test('what fw4 has of a section that is gone is told, and is no reason for haste', () => {
    const { entries, unsettled } = look([], loaded(lines(web)));
    expect(entries).toMatchObject([
      { tag: null, changeable: false, label: expect.stringContaining('no longer') },
    ]);
    expect(unsettled).not.toBe('');
  });

  test('rules of fw4 itself, and of sections that forward nothing, are none', () => {
    const chains = loaded({
      input_wan: [
        'meta nfproto ipv4 udp dport 68 counter accept comment "!fw4: Allow-DHCP-Renew"',
        'meta nfproto ipv4 meta l4proto igmp counter accept comment "!fw4: Allow-IGMP"',
        BETWEEN,
        'jump reject_from_wan',
      ],
      forward_wan: ['udp dport 500 counter jump accept_to_lan comment "!fw4: Allow-ISAKMP"', BETWEEN],
    });
    expect(look([], chains)).toEqual({ entries: [], unsettled: '' });
  });
});

describe('blocked', () => {
  const drop = (match: string) => `${match} counter jump drop_to_lan comment "!fw4: Block it"`;
  const blocked = (sections: readonly Section[], before: Readonly<Record<string, readonly string[]>>) =>
    look(sections, loaded(lines(sections, before))).entries[0]?.blocked;

  test.each<[string, Record<string, string[]>]>([
    ['everything to the host', { forward_wan: [drop('ip daddr 192.168.1.10')] }],
    ['the port inside', { forward_wan: [drop('ip daddr 192.168.1.0/24 tcp dport 8000-9000')] }],
    ['everything', { forward_wan: ['counter drop comment "!fw4: Block it"'] }],
    ['by rejecting', { forward_wan: ['tcp dport 8443 counter jump handle_reject comment "!fw4: Block it"'] }],
  ])('by a rule that drops %s', (_, before) => {
    expect(blocked(web, before)).toMatchObject({ message: expect.stringContaining('"Block it"') });
  });

  test.each<[string, Record<string, string[]>]>([
    ['another host', { forward_wan: [drop('ip daddr 192.168.1.11')] }],
    ['another port', { forward_wan: [drop('tcp dport 22')] }],
    ['another protocol', { forward_wan: [drop('udp dport 8443')] }],
    ['some sources only', { forward_wan: [drop('ip saddr 198.51.100.0/24')] }],
    [
      'at some time only',
      { forward_wan: ['meta hour "08:00"-"17:00" counter drop comment "!fw4: Block it"'] },
    ],
    ['IPv6', { forward_wan: ['meta nfproto ipv6 counter drop comment "!fw4: Block it"'] }],
    ['packets to the router itself', { input_wan: ['counter drop comment "!fw4: Block it"'] }],
  ])('not by a rule that drops %s', (_, before) => {
    expect(blocked(web, before)).toBeNull();
  });

  test('not by the zone’s own last word, which comes after the accept', () => {
    const chains = loaded({ ...lines(web), forward_wan: [BETWEEN, 'jump drop_to_wan'] });
    expect(look(web, chains).entries[0]?.blocked).toBeNull();
  });

  test('a rule that drops all who may connect blocks those', () => {
    const some = written({ externalPort: 8443, sources: ['198.51.100.7'] });
    expect(blocked(some, { forward_wan: [drop('ip saddr 198.51.100.0/24')] })).not.toBeNull();
    expect(blocked(some, { forward_wan: [drop('ip saddr 203.0.113.0/24')] })).toBeNull();
  });

  test('a pinhole and a service are blocked by what comes before them, not by what comes after', () => {
    const six = written({ externalPort: 443, internalAddress: '2001:db8:1::10' });
    const service = written({ externalPort: 9001, internalAddress: 'gateway' });
    const refusal = 'counter drop comment "!fw4: Block it"';
    expect(blocked(six, { forward_wan: [refusal] })).not.toBeNull();
    expect(blocked(service, { input_wan: [refusal] })).not.toBeNull();
    const after = lines([...six, ...service]);
    after.forward_wan?.splice(1, 0, refusal);
    after.input_wan?.splice(1, 0, refusal);
    expect(look([...six, ...service], loaded(after)).entries.map((entry) => entry.blocked)).toEqual([
      null,
      null,
    ]);
  });
});
