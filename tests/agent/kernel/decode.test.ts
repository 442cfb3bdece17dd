import fc from 'fast-check';
import { rangeContains, rangeToCidrs } from '../../../agent/kernel/cidr-range';
import { compile } from '../../../agent/kernel/compile';
import { decodeEntries } from '../../../agent/kernel/decode';
import { decodeChain } from '../../../agent/kernel/decode-chain';
import type { Json, Rule } from '../../../agent/kernel/expression';
import { readTable } from '../../../agent/kernel/live-table';
import { markingsOf } from '../../../agent/kernel/marking';
import { connectionsCounter, DEFAULT_MARK } from '../../../agent/kernel/names';
import type { Listed } from '../../../agent/kernel/nft';
import { wholeTable } from '../../../agent/kernel/transaction';
import { aggregate, cidrContains, parseAddress, parseCidr } from '../../../provider/rule/address';
import { entry } from './entries';

const network = { wans: [], lanInterfaces: [], lanNetworks: [], own: [] };
const entries = [
  entry('a', {
    externalPort: '80,8000-8010',
    internalPort: '80,9000-9010',
    sources: ['192.0.2.0/24'],
    wan: 'wan0',
  }),
  entry('b', { externalPort: 443, internalPort: 8443, hairpin: false, log: true }),
  entry('c', { externalPort: 22, internalAddress: '2001:db8:50::10' }),
  entry('d', { externalPort: 2222, internalPort: 22, internalAddress: 'gateway' }),
];
/** What nft would list of the table, as far as it lists what was written. */
const listed = (list = entries): Listed[] =>
  wholeTable(compile(list, DEFAULT_MARK), network, {
    mark: DEFAULT_MARK,
    epoch: '0123456789abcdef',
    seeds: new Map(),
  })
    .slice(2)
    .flatMap((command) => ('add' in command ? [command.add as Listed] : []))
    .map((object, at) => {
      const [kind, fields] = Object.entries(object)[0] as [string, Record<string, never>];
      return { [kind]: { ...fields, handle: at, ...(kind === 'counter' ? { packets: 0, bytes: 0 } : {}) } };
    });

test('what was written is what is read', () => {
  const live = readTable(listed());
  expect(live).toMatchObject({ exists: true, plausible: true, epoch: '0123456789abcdef' });
  const found = decodeEntries(live, DEFAULT_MARK);
  expect(found.map(({ tag }) => tag).sort()).toEqual(entries.map(({ tag }) => tag).sort());
  for (const { tag, forward, restriction } of found) {
    const wanted = entries.find((one) => one.tag === tag)?.forward;
    const hairpin = tag === entries[2]?.tag ? null : (wanted?.hairpin ?? true);
    expect({ forward, restriction }).toEqual({ forward: { ...wanted, hairpin }, restriction: null });
  }
});

test('the order in which nft writes the keys of an object says nothing', () => {
  const backwards = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(backwards);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, child]) => [key, backwards(child)]),
    );
  };
  const found = decodeEntries(readTable(backwards(listed()) as Listed[]), DEFAULT_MARK);
  expect(found).toEqual(decodeEntries(readTable(listed()), DEFAULT_MARK));
  expect(found.every(({ restriction }) => restriction === null)).toBe(true);
});

test('a pinhole that no longer accepts, and a forward that does, were changed by hand', () => {
  const [, forward, pinhole] = entries as [(typeof entries)[0], (typeof entries)[0], (typeof entries)[0]];
  for (const { tag } of [forward, pinhole]) {
    const edited = listed().map((object): Listed => {
      const rule = object.rule as { chain?: string; expr: Record<string, Json>[] } | undefined;
      const marks = rule?.chain === tag && rule.expr[0]?.counter === connectionsCounter(tag);
      if (!rule || !marks) return object;
      const expr = tag === pinhole.tag ? rule.expr.slice(0, -1) : [...rule.expr, { accept: null }];
      return { rule: { ...rule, expr } };
    });
    const ofTag = (list: Listed[]) =>
      decodeEntries(readTable(list), DEFAULT_MARK).find((one) => one.tag === tag)?.restriction;
    expect(ofTag(listed())).toBeNull();
    expect(ofTag(edited)).toContain('changed by hand');
  }
});

test('another mark bit than ours is somebody else', () => {
  expect(
    decodeEntries(readTable(listed()), 0x20000000).every(({ restriction }) => restriction !== null),
  ).toBe(true);
});

test('no listing, whatever it holds, makes it throw or invent an entry', () => {
  const objects = listed();
  const place = fc.record({ object: fc.nat(objects.length - 1), at: fc.nat(400), value: fc.jsonValue() });
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 6 }), (edits) => {
      const broken = structuredClone(objects) as unknown as Record<string, unknown>[];
      for (const { object, at, value } of edits) {
        // Somewhere deep in the object, something else.
        let seen = 0;
        const swap = (node: unknown): unknown => {
          if (seen++ === at) return value;
          if (Array.isArray(node)) return node.map(swap);
          if (node === null || typeof node !== 'object') return node;
          return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, swap(child)]));
        };
        const [kind, fields] = Object.entries(broken[object] ?? {})[0] ?? ['rule', {}];
        broken[object] = { [kind]: swap(fields) };
      }
      const tags = entries.map(({ tag }) => tag);
      for (const { tag, forward } of decodeEntries(readTable(broken as Listed[]), DEFAULT_MARK)) {
        expect(tags).toContain(tag);
        expect(forward.traffic.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 600 },
  );
});

test('a chain of anything becomes a restriction, never an error', () => {
  const [{ tag }] = entries as [(typeof entries)[0]];
  fc.assert(
    fc.property(
      fc.array(
        fc.array(
          fc.dictionary(
            fc.constantFrom('match', 'dnat', 'redirect', 'counter', 'log', 'return', 'mangle', 'xt'),
            fc.jsonValue(),
          ),
        ),
      ),
      (rules) => {
        expect(decodeChain(tag, rules as Rule[], markingsOf(DEFAULT_MARK)).restriction).not.toBeNull();
      },
    ),
  );
});

test('a range of addresses is the fewest networks that hold it', () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  const text = (value: number) => [24, 16, 8, 0].map((at) => (value >>> at) & 255).join('.');
  fc.assert(
    fc.property(word, word, fc.nat(300), (a, b, near) => {
      const [first, last] = [Math.min(a, b), Math.max(a, b)];
      const cidrs = rangeToCidrs(text(first), text(last)) ?? [];
      expect(aggregate(cidrs)).toEqual(cidrs);
      for (const value of [first, last, first - 1, last + 1, first + near, last - near]) {
        if (value < 0 || value > 0xffffffff) continue;
        const address = parseAddress(text(value));
        if (!address) throw new Error(text(value));
        const inside = value >= first && value <= last;
        expect(cidrs.some((cidr) => cidrContains(parseCidr(cidr) as never, address))).toBe(inside);
        expect(rangeContains(text(first), text(last), address)).toBe(inside);
      }
    }),
  );
  expect(rangeToCidrs('192.0.2.9', '192.0.2.1')).toBeNull();
  expect(rangeToCidrs('192.0.2.9', '2001:db8::1')).toBeNull();
});

test('one rule less, or one of another entry more, never reads as the same', () => {
  const every = [
    ...[null, 'wan0', '198.51.100.1'].flatMap((wan) =>
      [true, false].flatMap((hairpin) =>
        [null, ['192.0.2.0/24', '203.0.113.7/32']].flatMap((sources) =>
          ['192.168.50.10', 'gateway'].map((internalAddress) => ({ wan, hairpin, sources, internalAddress })),
        ),
      ),
    ),
    ...[null, 'wan0'].map((wan) => ({
      wan,
      hairpin: null,
      sources: ['2001:db8::/32'],
      internalAddress: '2001:db8:50::10',
    })),
  ].map(({ wan, hairpin, sources, internalAddress }, at) =>
    entry(`e${at}`, {
      externalPort: internalAddress.includes(':')
        ? `${100 + at},${1000 + 10 * at}-${1005 + 10 * at}`
        : `${100 + at},${1000 + 10 * at}-${1005 + 10 * at},${20_000 + at}`,
      ...(internalAddress.includes(':')
        ? {}
        : { internalPort: `${100 + at},${3000 + 10 * at}-${3005 + 10 * at},${20_000 + at}` }),
      protocol: 'tcp+udp',
      internalAddress,
      log: at % 2 === 0,
      ...(wan === null ? {} : { wan }),
      ...(hairpin === null ? {} : { hairpin }),
      ...(sources === null ? {} : { sources }),
    }),
  );
  const objects = listed(every);
  const read = (list: Listed[]) =>
    new Map(decodeEntries(readTable(list), DEFAULT_MARK).map((one) => [one.tag, JSON.stringify(one)]));
  const whole = read(objects);
  expect(whole.size).toBe(every.length);
  const ruleOf = (object: Listed) => object.rule as { chain: string; expr: unknown } | undefined;
  const ours = (chain: string) => /^(?:pf1_|group_)/.test(chain);
  const others = objects.filter((object) => ours(ruleOf(object)?.chain ?? ''));
  for (const [at, object] of objects.entries()) {
    const rule = ruleOf(object);
    if (!rule || !ours(rule.chain)) continue;
    const less = read(objects.filter((one) => one !== object));
    const owner = rule.chain.startsWith('pf1_') ? [rule.chain] : every.map(({ tag }) => tag);
    expect(owner.some((tag) => less.get(tag) !== whole.get(tag))).toBe(true);
    const stranger = ruleOf(others[(at * 7) % others.length] as Listed);
    if (!stranger || stranger.chain === rule.chain) continue;
    const inserted = { rule: { ...(object.rule as object), expr: stranger.expr } } as unknown as Listed;
    const more = read(objects.toSpliced(at, 0, inserted));
    // A guard that stands twice says what it says once.
    if (JSON.stringify(stranger.expr) === JSON.stringify(rule.expr)) continue;
    expect([rule.chain, owner.some((tag) => more.get(tag) !== whole.get(tag))]).toEqual([rule.chain, true]);
  }
});
