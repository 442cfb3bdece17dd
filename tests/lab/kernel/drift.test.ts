import type { KernelEntry } from '../../../agent/kernel/kernel';
import { addresses } from '../../../lab/namespaces/network';
import { differences } from '../../../provider/rule/equal';
import { describeWhere, missingForLab } from '../../support/needs';
import { entry } from './entries';
import { Practice } from './practice';

jest.setTimeout(60_000);

const desk = addresses.desk.lan;
const server = addresses.server.lan;
const T = 'inet portforward';

describeWhere(missingForLab(), 'drift by hand', () => {
  let practice: Practice;
  beforeAll(async () => {
    practice = await Practice.start();
  });
  beforeEach(() => practice.clean());
  afterAll(() => practice?.stop());

  /** Handles of a chain's rules, in order. */
  const handles = async (chain: string): Promise<number[]> => {
    const { nftables } = JSON.parse(
      await practice.gateway('nft', '-j', 'list', 'chain', 'inet', 'portforward', chain),
    );
    return (nftables as { rule?: { handle: number } }[]).flatMap(({ rule }) => (rule ? [rule.handle] : []));
  };
  /** nft 1.0.6 cannot replace a rule by one with a set: it is put behind, and the old one taken away. */
  const replace = async (tag: string, at: number, rule: string) => {
    const handle = (await handles(tag)).at(at);
    await practice.lab.nft(`add rule ${T} ${tag} position ${handle} ${rule}`);
    await practice.lab.nft(`delete rule ${T} ${tag} handle ${handle}`);
  };
  const remove = async (chain: string, at: number) =>
    practice.lab.nft(`delete rule ${T} ${chain} handle ${(await handles(chain)).at(at)}`);
  const group = async (): Promise<string> =>
    /chain (group_[0-9a-f]+)/.exec(await practice.gateway('nft', 'list', 'chains', 'inet'))?.[1] ?? '';

  const plain = entry('plain', { externalPort: 443, internalPort: 8443 });
  const rich = entry('rich', {
    externalPort: '80,8000-8010',
    internalPort: '80,9000-9010',
    protocol: 'tcp+udp',
    sources: ['198.51.100.0/24', '203.0.113.7/32'],
    wan: 'wan0',
    log: true,
    hairpin: false,
  });
  const bound = entry('bound', { externalPort: 443, internalPort: 8443, wan: 'wan0', hairpin: true });
  const hole = entry('hole', {
    externalPort: 443,
    internalAddress: addresses.server.lan6,
    sources: ['2001:db8:7::/64'],
  });

  /** Edits that only say something else: no restriction beside the property. */
  const inOurWords = [
    'nothing',
    'another address',
    'another port',
    'no port',
    'the gateway itself',
    'an element more',
    'no log',
    'other sources',
    'a range cut short',
    'one protocol of an element gone',
    'a pinhole for others',
    'a pinhole to another host',
    'a pinhole for another port',
  ];

  const cases: [string, KernelEntry, (tag: string) => Promise<unknown>, string[] | 'restriction' | 'gone'][] =
    [
      ['nothing', rich, async () => undefined, []],
      [
        'another address',
        plain,
        (tag) => replace(tag, -1, `meta l4proto tcp dnat ip to ${desk}:8443`),
        ['internalAddress'],
      ],
      [
        'another port',
        plain,
        (tag) => replace(tag, -1, `meta l4proto tcp dnat ip to ${server}:8444`),
        ['internalPort'],
      ],
      ['no port', plain, (tag) => replace(tag, -1, `dnat ip to ${server}`), ['internalPort']],
      [
        'the gateway itself',
        plain,
        (tag) => replace(tag, -1, 'meta l4proto tcp redirect to :8443'),
        ['internalAddress'],
      ],
      [
        'an element more',
        plain,
        (tag) => practice.lab.nft(`add element ${T} ports4 { tcp . 444 : jump ${tag} }`),
        ['externalPort', 'internalPort'],
      ],
      [
        'another protocol more',
        plain,
        (tag) => practice.lab.nft(`add element ${T} ports4 { udp . 443 : jump ${tag} }`),
        'restriction',
      ],
      [
        'its only element gone',
        plain,
        () => practice.lab.nft(`delete element ${T} ports4 { tcp . 443 }`),
        'gone',
      ],
      [
        'its element sent elsewhere',
        plain,
        () =>
          practice.lab.nft(
            `delete element ${T} ports4 { tcp . 443 }; add element ${T} ports4 { tcp . 443 : drop }`,
          ),
        'gone',
      ],
      [
        'one protocol of an element gone',
        rich,
        () => practice.lab.nft(`delete element ${T} ports4 { udp . 80 }`),
        ['externalPort', 'internalPort'],
      ],
      [
        'a range cut short',
        rich,
        async () =>
          practice.lab.nft(
            `delete element ${T} tcp_ranges4 { 8000-8010 }; delete element ${T} udp_ranges4 { 8000-8010 }`,
          ),
        ['externalPort', 'internalPort'],
      ],
      [
        'other sources',
        rich,
        (tag) => replace(tag, 1, 'ip saddr != { 198.51.100.0/24, 203.0.113.8 } return'),
        ['sources'],
      ],
      ['no sources', rich, (tag) => remove(tag, 1), ['sources']],
      ['hairpin and WAN open', rich, (tag) => remove(tag, 0), ['wan', 'hairpin']],
      ['another WAN', rich, (tag) => replace(tag, 0, 'iifname != "wan1" return'), ['wan']],
      [
        'no log',
        rich,
        (tag) => replace(tag, 2, `counter name "${tag}_c" ct mark set ct mark or 0x10000000`),
        ['log'],
      ],
      [
        'one port of the map changed',
        rich,
        (tag) =>
          replace(tag, 3, `meta l4proto tcp dnat ip to ${server}:tcp dport map { 8000 : 9000, 8001 : 1 }`),
        ['internalPort'],
      ],
      [
        'a rule more',
        plain,
        (tag) => practice.lab.nft(`insert rule ${T} ${tag} ip ttl 3 drop`),
        'restriction',
      ],
      [
        'a rule more at the end',
        plain,
        (tag) => practice.lab.nft(`add rule ${T} ${tag} accept`),
        'restriction',
      ],
      [
        'a match more',
        plain,
        (tag) => replace(tag, -1, `meta hour "08:00"-"17:00" meta l4proto tcp dnat ip to ${server}:8443`),
        'restriction',
      ],
      ['bound to its WAN only for callers inside', bound, (tag) => remove(tag, 0), 'restriction'],
      ['bound to its WAN only for callers outside', bound, (tag) => remove(tag, 1), 'restriction'],
      [
        'bound to nothing',
        bound,
        async (tag) => {
          await remove(tag, 0);
          await remove(tag, 0);
        },
        ['wan'],
      ],
      [
        'bound, and hairpin off',
        bound,
        (tag) => practice.lab.nft(`insert rule ${T} ${tag} iifname != @wan_interfaces return`),
        ['hairpin'],
      ],
      ['no count', plain, (tag) => replace(tag, 0, 'ct mark set ct mark or 0x10000000'), 'restriction'],
      ['no mark', plain, (tag) => replace(tag, 0, `counter name "${tag}_c"`), 'restriction'],
      [
        'a mark that clobbers',
        plain,
        (tag) => replace(tag, 0, `counter name "${tag}_c" ct mark set 0x10000000`),
        'restriction',
      ],
      [
        'negated sources',
        rich,
        (tag) => replace(tag, 1, 'ip saddr { 198.51.100.0/24, 203.0.113.7 } return'),
        'restriction',
      ],
      ['no refusal', rich, async () => remove(await group(), -1), 'restriction'],
      ['no count of the refused', rich, async () => remove(await group(), 1), 'restriction'],
      [
        'past the refusal',
        rich,
        (tag) =>
          practice.lab.nft(
            `delete element ${T} ports4 { tcp . 80 }; add element ${T} ports4 { tcp . 80 : jump ${tag} }`,
          ),
        'restriction',
      ],
      [
        'a pinhole for others',
        hole,
        (tag) => replace(tag, 0, 'ip6 saddr != 2001:db8:8::/64 return'),
        ['sources'],
      ],
      ['a pinhole for everyone', hole, (tag) => remove(tag, 0), ['sources']],
      [
        'a pinhole bound to a WAN',
        hole,
        (tag) => practice.lab.nft(`insert rule ${T} ${tag} iifname != "wan1" return`),
        ['wan'],
      ],
      [
        'a pinhole to another host',
        hole,
        async () => {
          const chain = await group();
          await practice.lab.nft(
            `delete element ${T} ports6 { ${addresses.server.lan6} . tcp . 443 }; add element ${T} ports6 { ${addresses.desk.lan6} . tcp . 443 : jump ${chain} }`,
          );
        },
        ['internalAddress'],
      ],
      [
        'a pinhole for another port',
        hole,
        async () => {
          const chain = await group();
          await practice.lab.nft(
            `add element ${T} ports6 { ${addresses.server.lan6} . tcp . 444 : jump ${chain} }`,
          );
        },
        ['externalPort', 'internalPort'],
      ],
    ];

  test.each(cases)('%s', async (_, wanted, edit, expected) => {
    const neighbour = entry('neighbour', { externalPort: 5000, internalPort: 5001 });
    await practice.forward(wanted, neighbour);
    await edit(wanted.tag);
    const { intact, ours } = await practice.kernel.read();
    expect(intact).toBe(true);
    const live = ours.find(({ tag }) => tag === wanted.tag);
    if (expected === 'restriction') expect(live?.restriction).toContain('changed by hand');
    else if (expected === 'gone') expect(live).toBeUndefined();
    else {
      expect(live && differences(wanted.forward, live.forward)).toEqual(expected);
      if (inOurWords.includes(_)) expect(live?.restriction).toBeNull();
    }
    // Nobody else is suspected.
    const beside = ours.find(({ tag }) => tag === neighbour.tag);
    expect(beside && differences(neighbour.forward, beside.forward)).toEqual([]);
    expect(beside?.restriction).toBeNull();
    // Written afresh, all is as it was.
    await practice.kernel.apply([wanted, neighbour], [wanted, neighbour], [wanted.tag]);
    const mended = (await practice.kernel.read()).ours.find(({ tag }) => tag === wanted.tag);
    expect(mended).toMatchObject({ restriction: null });
    expect(mended && differences(wanted.forward, mended.forward)).toEqual([]);
  });

  test.each([
    ['the table is gone', 'delete table inet portforward'],
    ['everything is flushed', 'flush ruleset'],
    ['a fixed chain is emptied', `flush chain ${T} incoming`],
    ['the masquerade is gone', `flush chain ${T} hairpin`],
    ['a fixed chain has a rule more', `insert rule ${T} dispatch4 tcp dport 443 drop`],
    [
      'a stranger hooks into our table',
      `add chain ${T} mine { type filter hook forward priority 0; policy drop; }`,
    ],
    ['a WAN is taken out', `delete element ${T} wan_interfaces { "wan0" }`],
    ['a public address is added', `add element ${T} wan_addresses { 203.0.113.80 }`],
  ])('not intact where %s; restoring heals it', async (_, script) => {
    await practice.forward(plain, rich);
    await practice.lab.nft(script);
    expect((await practice.kernel.read()).intact).toBe(false);
    await practice.kernel.restore([plain, rich]);
    const { intact, ours } = await practice.kernel.read();
    expect(intact).toBe(true);
    expect(ours).toHaveLength(2);
  });
});
