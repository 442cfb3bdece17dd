import { compile } from '../../../agent/kernel/compile';
import type { KernelEntry } from '../../../agent/kernel/kernel';
import { DEFAULT_MARK, groupChain } from '../../../agent/kernel/names';
import { batchText, transaction, wholeTable } from '../../../agent/kernel/transaction';
import type { Forward } from '../../../provider/rule/rule';
import { entry } from './entries';

const network = {
  wans: [{ name: 'wan0', addresses: ['198.51.100.1', '2001:db8:1::1'] }],
  lanInterfaces: ['br0'],
  lanNetworks: [{ name: 'br0', network: '192.168.50.0/24' }],
  own: ['198.51.100.1', '192.168.50.1'],
};
const compiled = (...entries: KernelEntry[]) => compile(entries, DEFAULT_MARK);

test('single ports go to the hash map, ranges to the interval map of their protocol', () => {
  const { elements } = compiled(entry('a', { externalPort: '80,8000-8010', protocol: 'tcp+udp' }));
  expect([...elements.values()].map(({ map, key }) => [map, key])).toEqual([
    ['ports4', { concat: ['tcp', 80] }],
    ['tcp_ranges4', { range: [8000, 8010] }],
    ['ports4', { concat: ['udp', 80] }],
    ['udp_ranges4', { range: [8000, 8010] }],
  ]);
});

test('an entry without sources is reached at once; with sources, or beside others, through a chain that refuses last', () => {
  const open = entry('open', { externalPort: 80 });
  const closed = entry('closed', { externalPort: 81, sources: ['192.0.2.0/24'] });
  const { elements, chains } = compiled(open, closed);
  expect([...elements.values()].map(({ chain }) => chain)).toEqual([open.tag, groupChain([closed.tag])]);
  expect(chains.get(groupChain([closed.tag]))).toEqual([
    [{ jump: { target: closed.tag } }],
    [{ counter: `${closed.tag}_d` }],
    [{ drop: null }],
  ]);
});

test('the order of the entries changes nothing', () => {
  const entries = [
    entry('a', { externalPort: '440-450', sources: ['192.0.2.0/24'] }),
    entry('b', { externalPort: 443, sources: ['198.51.100.0/24'] }),
    entry('c', { externalPort: 500, internalAddress: '2001:db8:50::10' }),
  ];
  const text = (list: KernelEntry[]) => {
    const { chains, elements, counters } = compiled(...list);
    return [[...chains].sort(), [...elements].sort(), [...counters].sort()].toString();
  };
  expect(text([...entries].reverse())).toBe(text(entries));
});

test.each<[string, Partial<Forward>]>([
  ['a name to resolve', { target: { kind: 'host', family: 4, address: 'localhost' } }],
  ['octal', { target: { kind: 'host', family: 4, address: '192.168.050.010' } }],
  ['hex', { target: { kind: 'host', family: 4, address: '0x7f000001' } }],
  ['a short address', { target: { kind: 'host', family: 4, address: '192.168.50' } }],
  ['an address of another family', { target: { kind: 'host', family: 4, address: '2001:db8::1' } }],
  ['a source that is a name', { sources: ['example.net'] }],
  ['a source without a prefix', { sources: ['192.0.2.1'] }],
  ['a source of another family', { sources: ['2001:db8::/32'] }],
  ['a name of an interface with a quote', { wan: 'wan0" accept' }],
  ['a long name of an interface', { wan: 'sixteen-letters-' }],
  ['port 0', { traffic: [{ protocol: 'tcp', ports: [{ from: 0, to: 1, target: 1 }] }] }],
  ['a port past the end', { traffic: [{ protocol: 'tcp', ports: [{ from: 1, to: 2, target: 65_535 }] }] }],
  ['a fraction', { traffic: [{ protocol: 'tcp', ports: [{ from: 1.5, to: 2, target: 1 }] }] }],
  ['another protocol', { traffic: [{ protocol: 'sctp' as 'tcp', ports: [{ from: 1, to: 1, target: 1 }] }] }],
  ['no port', { traffic: [] }],
])('%s never reaches nft', (_, wrong) => {
  const { tag, forward } = entry('x', { externalPort: 80 });
  expect(() => compiled({ tag, forward: { ...forward, ...wrong } })).toThrow(/not in normal form/);
});

test('a tag is a tag and nothing else, and names one entry', () => {
  const one = entry('x', { externalPort: 80 });
  for (const tag of ['', 'x', `${one.tag} `, `${one.tag}\n`, `${one.tag}"`, `a${one.tag}`])
    expect(() => compiled({ ...one, tag })).toThrow(/no tag/);
  expect(() => compiled(one, { ...one })).toThrow(/Two entries/);
});

test('a WAN address of the other family is refused in words', () => {
  const pinhole = entry('p', { externalPort: 80, internalAddress: '2001:db8:50::10' });
  expect(() => compiled({ ...pinhole, forward: { ...pinhole.forward, wan: '198.51.100.1' } })).toThrow(
    /pinhole/,
  );
  const four = entry('f', { externalPort: 80 });
  expect(() => compiled({ ...four, forward: { ...four.forward, wan: '2001:db8:1::1' } })).toThrow(
    /IPv4 address/,
  );
});

test('no text of a user is in a batch', () => {
  const { tag, forward } = entry('x', { externalPort: 80, log: true });
  const wanted = compiled({ tag, forward: { ...forward, description: 'canary-text' } });
  const options = { mark: DEFAULT_MARK, epoch: '0123456789abcdef', seeds: new Map() };
  expect(batchText(wholeTable(wanted, network, options))).not.toContain('canary');
  expect(batchText(transaction(compiled(), wanted, network))).not.toContain('canary');
});

test('a change names only what it changes, whatever else there is', () => {
  const size = (others: number) => {
    const beside = Array.from({ length: others }, (_, at) => entry(`o${at}`, { externalPort: 10_000 + at }));
    const [old, now] = [
      entry('x', { externalPort: 80 }),
      entry('x', { externalPort: 80, internalAddress: '192.168.50.20' }),
    ];
    const commands = transaction(compiled(...beside, old), compiled(...beside, now), network);
    for (const { tag } of beside) expect(batchText(commands)).not.toContain(tag);
    return commands.length;
  };
  expect(size(300)).toBe(size(0));
});

test('equal tables need no command', () => {
  const entries = () => [
    entry('a', { externalPort: '440-450', sources: ['192.0.2.0/24'] }),
    entry('b', { externalPort: 443, wan: 'wan0' }),
  ];
  expect(transaction(compiled(...entries()), compiled(...entries().reverse()), network)).toEqual([]);
});

test('log and hairpin are rewritten in their chain; counters and elements stay', () => {
  const [plain, logged] = [{}, { log: true, hairpin: false }].map((more) =>
    entry('x', { externalPort: 80, ...more }),
  );
  const commands = transaction(compiled(plain as KernelEntry), compiled(logged as KernelEntry), network);
  expect(
    commands.flatMap((command) =>
      Object.entries(command).map(([verb, what]) => `${verb} ${Object.keys(what as object)}`),
    ),
  ).toEqual(['flush chain', 'add rule', 'add rule', 'add rule']);
});

test('counters that are known begin where they were', () => {
  const one = entry('x', { externalPort: 80 });
  const seeds = new Map([[`${one.tag}_c`, { packets: 7, bytes: 420 }]]);
  const commands = wholeTable(compiled(one), network, {
    mark: DEFAULT_MARK,
    epoch: '0123456789abcdef',
    seeds,
  });
  expect(commands).toContainEqual({
    add: { counter: { family: 'inet', table: 'portforward', name: `${one.tag}_c`, packets: 7, bytes: 420 } },
  });
});
