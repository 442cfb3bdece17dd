import fc from 'fast-check';
import type { Capabilities } from '../../provider/rule/capabilities';
import type { RuleInputs } from '../../provider/rule/rule';

/** Valid rules as users write them, and other spellings of the same rule. Built without the code under test. */

export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly target: number;
}

/** A rule as plain facts, from which a spelling is made. */
export interface Facts {
  readonly enabled: boolean;
  readonly protocol: 'tcp' | 'udp' | 'tcp+udp';
  readonly pieces: readonly Piece[];
  readonly wan: string | null;
  readonly target: string;
  readonly sources: readonly string[] | null;
  readonly hairpin: boolean | null;
  readonly log: boolean;
  readonly description: string;
}

const IPV6 = ['2001:db8::1', '2001:db8:0:1::2', 'fd00::a:b'];
const SOURCES4 = [
  '192.0.2.0/24',
  '192.0.2.0/25',
  '192.0.2.128/25',
  '198.51.100.7/32',
  '198.51.100.6/32',
  '0.0.0.0/0',
];
const SOURCES6 = ['2001:db8:a::/48', '2001:db8:a:8000::/49', '2001:db8:a::/49', '2001:db8:b::1/128'];

/** Disjoint pieces; few port numbers, so that rules often meet, neighbours and both ends of the space among them. */
const externalPieces = fc
  .uniqueArray(fc.constantFrom(1, 2, 3, 22, 80, 81, 82, 443, 8000, 8010, 65534, 65535), {
    minLength: 1,
    maxLength: 6,
  })
  .chain((ports) => {
    const sorted = [...ports].sort((a, b) => a - b);
    return fc.tuple(
      fc.constant(sorted),
      fc.array(fc.boolean(), { minLength: sorted.length, maxLength: sorted.length }),
    );
  })
  .map(([ports, joins]) => {
    const ranges: { from: number; to: number }[] = [];
    for (let index = 0; index < ports.length; index++) {
      const from = ports[index] as number;
      const next = ports[index + 1];
      if (joins[index] && next !== undefined && next - from < 30) {
        ranges.push({ from, to: next });
        index++;
      } else ranges.push({ from, to: from });
    }
    return ranges;
  });

const pieces = (shifted: boolean) =>
  fc.tuple(externalPieces, fc.boolean(), fc.constantFrom(-1, 0, 1, 1000)).chain(([ranges, free, shift]) =>
    fc
      .array(fc.constantFrom(1, 2, 80, 81, 9000), { minLength: ranges.length, maxLength: ranges.length })
      .map((starts): Piece[] =>
        ranges.map(({ from, to }, index) => {
          const target = !shifted ? from : free ? (starts[index] as number) : from + shift;
          return { from, to, target: target < 1 || target + (to - from) > 65535 ? from : target };
        }),
      ),
  );

const shared = {
  enabled: fc.boolean(),
  protocol: fc.constantFrom('tcp', 'udp', 'tcp+udp'),
  hairpin: fc.constantFrom(null, true, false),
  log: fc.boolean(),
  description: fc.constantFrom('', 'Web of Ann', 'fünf; "six" \\ 7'),
} as const;

const sourceLists = (pool: readonly string[]) =>
  fc.option(fc.array(fc.constantFrom(...pool), { minLength: 1, maxLength: 4 }), { freq: 2 });

/** The facts of a valid rule. */
export const facts: fc.Arbitrary<Facts> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      ...shared,
      pieces: pieces(true),
      wan: fc.constantFrom(null, 'wan1', 'wan2', '203.0.113.1'),
      target: fc.constantFrom('gateway', '192.168.1.10', '192.168.1.11'),
      sources: sourceLists(SOURCES4),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...shared,
      pieces: pieces(false),
      wan: fc.constantFrom(null, 'wan1', 'wan2'),
      target: fc.constantFrom(...IPV6),
      sources: sourceLists(SOURCES6),
    }),
  },
);

/** Choices among the ways to write one thing, one digit each. */
export const style = fc.infiniteStream(fc.nat(11)).map((stream) => () => stream.next().value as number);
type Style = () => number;

/** Writes facts as a user might; two styles give two spellings of one rule. */
export function write(given: Facts, pick: Style, name = 'web'): RuleInputs {
  const written = splitPieces(shuffle(given.pieces, pick), pick);
  const outside = written.map(({ from, to }) => ({ from, to }));
  const inside = written.map(({ from, to, target }) => ({ from: target, to: target + to - from }));
  const same = written.every(({ from, target }) => from === target);
  const inputs: Record<string, unknown> = {
    name,
    externalPort: writePorts(outside, pick),
    internalAddress: writeAddress(given.target, pick),
  };
  if (!given.enabled || pick() < 3) inputs.enabled = given.enabled;
  if (given.protocol !== 'tcp' || pick() < 3) inputs.protocol = given.protocol;
  if (!same || pick() < 4) inputs.internalPort = writePorts(inside, pick);
  if (given.wan !== null) inputs.wan = given.wan;
  if (given.sources !== null) inputs.sources = writeSources(given.sources, pick);
  if (given.hairpin !== null) inputs.hairpin = given.hairpin;
  if (given.log || pick() < 3) inputs.log = given.log;
  if (given.description !== '' || pick() < 3) inputs.description = given.description;
  return inputs as unknown as RuleInputs;
}

/** A valid rule. */
export const rule: fc.Arbitrary<RuleInputs> = fc
  .tuple(facts, style)
  .map(([given, pick]) => write(given, pick));

/** What gateways can hold in one entry. */
export const capabilities: fc.Arbitrary<Capabilities> = fc.record({
  entry: fc.record({
    protocols: fc.constantFrom('one', 'both'),
    ports: fc.constantFrom('single', 'range', 'list'),
    shift: fc.boolean(),
    sources: fc.constantFrom(1, 2, 100),
  }),
  families: fc.constant([4, 6] as const),
  gatewayTarget: fc.constant(true),
  properties: fc.constant(new Set(['wan', 'hairpin', 'log', 'description', 'enabled'] as const)),
  overlap: fc.boolean(),
  atomic: fc.boolean(),
  lease: fc.constant(null),
});

function shuffle<T>(list: readonly T[], pick: Style): T[] {
  if (pick() < 6) return [...list];
  return list
    .map((item) => ({ item, key: pick() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** `80-82` may as well be written `80,81-82`. */
function splitPieces(list: readonly Piece[], pick: Style): Piece[] {
  return list.flatMap((piece) =>
    piece.to > piece.from && pick() < 3
      ? [
          { from: piece.from, to: piece.from, target: piece.target },
          { from: piece.from + 1, to: piece.to, target: piece.target + 1 },
        ]
      : [piece],
  );
}

function writePorts(ranges: readonly { from: number; to: number }[], pick: Style): number | string {
  const [only] = ranges;
  if (only && ranges.length === 1 && only.from === only.to && pick() < 6) return only.from;
  return ranges.map(({ from, to }) => (from === to && pick() > 0 ? `${from}` : `${from}-${to}`)).join(',');
}

function writeAddress(text: string, pick: Style): string {
  if (!text.includes(':')) return text;
  const choice = pick();
  if (choice < 4) return text;
  if (choice < 7) return text.toUpperCase();
  const [head = '', tail = ''] = text.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const missing = 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...Array(missing).fill('0'), ...groups(tail)]
    .map((word) => word.padStart(4, '0'))
    .join(':');
}

function writeSources(list: readonly string[], pick: Style): string[] {
  const written = shuffle(list, pick).map((text) => (pick() < 6 ? text.replace(/\/(32|128)$/, '') : text));
  return pick() < 3 ? [...written, written[0] as string] : written;
}
