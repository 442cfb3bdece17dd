import { deletions, listArguments, parseFlows } from '../../../agent/kernel/conntrack';
import { type Flow, planCut } from '../../../agent/kernel/flows';
import type { KernelEntry } from '../../../agent/kernel/kernel';
import { entry } from './entries';

const MARK = 0x10000000;
const network = {
  wans: [
    { name: 'wan0', addresses: ['198.51.100.1', '2001:db8:1::1'] },
    { name: 'wan1', addresses: ['192.0.2.1'] },
  ],
  lanInterfaces: ['br0'],
  lanNetworks: [{ name: 'br0', network: '192.168.50.0/24' }],
  own: ['198.51.100.1', '192.0.2.1', '192.168.50.1'],
};
const flow = (more: Partial<Flow> = {}): Flow => ({
  family: 4,
  protocol: 'tcp',
  source: '203.0.113.7',
  destination: '198.51.100.1',
  sourcePort: 40_000,
  destinationPort: 443,
  answerer: '192.168.50.10',
  answererPort: 443,
  mark: MARK,
  ...more,
});
const plan = (before: KernelEntry[], after: KernelEntry[]) => planCut(before, after, network, MARK);
const web = entry('web', { externalPort: 443 });

describe('what a change ends', () => {
  test('nothing, and nothing is asked, when nothing is taken away', () => {
    expect(plan([web], [web]).queries).toEqual([]);
    expect(plan([], [web]).queries).toEqual([]);
    expect(plan([web], [entry('web', { externalPort: 443, log: true, hairpin: false })]).queries).toEqual([]);
  });

  test('questions name every public address of the moment, or the one that the entry is bound to', () => {
    const asked = (inputs: object) =>
      plan([entry('x', { externalPort: 443, ...inputs })], []).queries.map(({ destination }) => destination);
    expect(asked({})).toEqual(['198.51.100.1', '192.0.2.1']);
    expect(asked({ wan: 'wan1' })).toEqual(['192.0.2.1']);
    expect(asked({ wan: '198.51.100.1' })).toEqual(['198.51.100.1']);
    expect(asked({ internalAddress: '2001:db8:50::10' })).toEqual(['2001:db8:50::10']);
  });

  test.each<[string, Partial<Flow>, boolean]>([
    ['a connection to the old target', {}, true],
    ['the same port of another public host', { destination: '203.0.113.80' }, false],
    ['another port', { destinationPort: 80 }, false],
    ['another target', { answerer: '192.168.50.20' }, false],
    ['another port of the target', { answererPort: 80 }, false],
    ['another protocol', { protocol: 'udp' }, false],
    ['the gateway itself', { answerer: '198.51.100.1', mark: 0 }, false],
  ])('removed: %s', (_, more, ended) => {
    expect(plan([web], []).ends(flow(more))).toBe(ended);
  });

  test('split into two, or taken over by another entry: connections that go on alike live', () => {
    const before = entry('both', { externalPort: '443,8443', internalPort: '443,443' });
    const { ends } = plan([before], [entry('new', { externalPort: 443 })]);
    expect(ends(flow())).toBe(false);
    expect(ends(flow({ destinationPort: 8443 }))).toBe(true);
  });

  test('from the gateway to a host and back', () => {
    const own = entry('web', { externalPort: 443, internalAddress: 'gateway' });
    expect(plan([own], [web]).ends(flow({ answerer: '198.51.100.1' }))).toBe(true);
    expect(plan([own], [web]).ends(flow())).toBe(false);
    expect(plan([web], [own]).ends(flow())).toBe(true);
    expect(plan([web], [own]).ends(flow({ answerer: '192.168.50.1' }))).toBe(false);
  });

  test('udp that talks before its entry is there; tcp with the gateway itself is left alone', () => {
    const both = entry('both', { externalPort: 443, protocol: 'tcp+udp' });
    const { ends } = plan([], [both]);
    const local = { answerer: '198.51.100.1', mark: 0 };
    expect(ends(flow({ protocol: 'udp', ...local }))).toBe(true);
    expect(ends(flow({ protocol: 'udp' }))).toBe(false);
    expect(ends(flow(local))).toBe(false);
  });

  test('of a pinhole only what it let in', () => {
    const hole = entry('hole', { externalPort: 443, internalAddress: '2001:db8:50::10' });
    const through: Partial<Flow> = {
      family: 6,
      source: '2001:db8:7::7',
      destination: '2001:db8:50::10',
      answerer: '2001:db8:50::10',
    };
    const { ends, over } = plan([hole], []);
    expect(ends(flow(through))).toBe(true);
    expect(ends(flow({ ...through, mark: 0 }))).toBe(false);
    expect(over(flow(through))).toBe(false);
  });
});

describe('what conntrack is told', () => {
  const all = { ends: () => true, over: () => true };

  test('many connections of one forward are one command', () => {
    const listed = Array.from({ length: 200 }, (_, at) => flow({ sourcePort: 40_000 + at }));
    expect(deletions(listed, all)).toHaveLength(1);
  });

  test('one to be spared makes the commands as narrow as they must be', () => {
    const [a, b, c] = [flow(), flow({ source: '203.0.113.8' }), flow({ sourcePort: 40_001 })] as const;
    const but = (spared: Flow) => ({ ends: (one: Flow) => one !== spared, over: () => true });
    expect(deletions([a, b], but(b)).map(String)).toEqual([
      expect.stringMatching(/--orig-src,203\.0\.113\.7$/),
    ]);
    expect(deletions([a, c], but(c)).map(String)).toEqual([expect.stringMatching(/--orig-port-src,40000$/)]);
  });

  test('where such connections may still begin, the caller is always named', () => {
    const [words] = deletions([flow()], { ends: () => true, over: () => false });
    expect(words).toContain('--orig-src');
  });

  test('a command without the public address and the answering host cannot be built', () => {
    for (const over of [true, false]) {
      for (const words of deletions([flow(), flow({ protocol: 'udp' })], {
        ends: () => true,
        over: () => over,
      })) {
        for (const needed of ['-p', '--orig-dst', '--orig-port-dst', '--reply-src']) {
          const value = words[words.indexOf(needed) + 1];
          expect(words.indexOf(needed)).toBeGreaterThan(0);
          expect(value).toMatch(/^[a-z0-9.:]+$/);
        }
      }
    }
    expect(listArguments({ family: 4, protocol: 'tcp', destination: '198.51.100.1' })).toContain(
      '--orig-dst',
    );
  });
});

test('conntrack speaks: what is open is read, what has ended or is unknown is passed over', () => {
  const text = [
    'tcp      6 431999 ESTABLISHED src=203.0.113.7 dst=198.51.100.1 sport=40000 dport=443 src=192.168.50.10 dst=203.0.113.7 sport=8443 dport=40000 [ASSURED] mark=268435456 use=1',
    'tcp      6 117 TIME_WAIT src=203.0.113.7 dst=198.51.100.1 sport=40001 dport=443 src=192.168.50.10 dst=203.0.113.7 sport=8443 dport=40001 [ASSURED] mark=268435456 use=1',
    'udp      17 29 src=192.168.50.20 dst=198.51.100.1 sport=5353 dport=53 [UNREPLIED] src=192.168.50.10 dst=192.168.50.1 sport=53 dport=5353 mark=0 use=1',
    'icmp     1 29 src=192.168.50.20 dst=198.51.100.1 type=8 code=0 id=1 src=198.51.100.1 dst=192.168.50.20 type=0 code=0 id=1 mark=0 use=1',
    'something else',
    '',
  ].join('\n');
  expect(parseFlows(text, 4)).toEqual([
    flow({ answererPort: 8443 }),
    flow({
      protocol: 'udp',
      source: '192.168.50.20',
      sourcePort: 5353,
      destinationPort: 53,
      answererPort: 53,
      mark: 0,
    }),
  ]);
});
