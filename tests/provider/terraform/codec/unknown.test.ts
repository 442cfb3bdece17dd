import { UNKNOWN } from '../../../../provider/rule/rule';
import { decode } from '../../../../provider/terraform/codec/decode';
import { encode } from '../../../../provider/terraform/codec/encode';
import type { Type } from '../../../../provider/terraform/codec/type';
import { arrived, block, hex, PLAIN_UNKNOWN, REFINED_UNKNOWN, written } from './support';

const inner: Type = ['object', { text: 'string', sizes: ['list', 'number'] }];
const of = block({
  text: 'string',
  size: 'number',
  on: 'bool',
  texts: ['set', 'string'],
  list: ['list', inner],
  one: inner,
});
const known = {
  text: 'a',
  size: 1,
  on: true,
  texts: ['a', 'b'],
  list: [{ text: 'b', sizes: [1, 2] }],
  one: { text: 'c', sizes: [] },
};

/** The value with something else at one place. */
function put(value: unknown, [step, ...rest]: readonly (string | number)[], other: unknown): unknown {
  if (step === undefined) return other;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  copy[step] = put(copy[step], rest, other);
  return copy;
}

const PLACES: readonly (readonly (string | number)[])[] = [
  ['text'],
  ['size'],
  ['on'],
  ['texts'],
  ['texts', 1],
  ['list'],
  ['list', 0],
  ['list', 0, 'text'],
  ['list', 0, 'sizes'],
  ['list', 0, 'sizes', 1],
  ['one'],
  ['one', 'sizes'],
];

describe.each([
  ['without hints (extension 0)', PLAIN_UNKNOWN],
  ['with hints (extension 12)', REFINED_UNKNOWN],
])('an unknown value %s', (_name, unknown) => {
  test.each(PLACES.map((place) => [place.join('.'), place] as const))('is UNKNOWN at %s', (_at, place) => {
    const value = decode(of, written(put(known, place, unknown)));
    expect(value).toEqual(put(known, place, UNKNOWN));
    // and goes on as such
    expect(decode(of, arrived(encode(of, value).msgpack))).toEqual(value);
  });

  test('in place of the whole object makes every attribute unknown', () => {
    const names = Object.keys(known);
    expect(decode(of, written(unknown))).toEqual(Object.fromEntries(names.map((name) => [name, UNKNOWN])));
  });
});

test('what is unknown, what is null and what is empty are three things', () => {
  const three = block({ a: ['set', 'string'], b: ['set', 'string'], c: ['set', 'string'] });
  const values = { a: UNKNOWN, b: null, c: [] };
  expect(decode(three, arrived(encode(three, values).msgpack))).toEqual(values);
});

test('an attribute that is left out is null, for us as for the engine', () => {
  expect(decode(block({ a: 'string', b: 'bool' }), hex('81 a161 a178'))).toEqual({ a: 'x', b: null });
  expect(
    Buffer.from(encode(block({ a: 'string', b: 'bool' }), { a: 'x', b: undefined }).msgpack).toString('hex'),
  ).toBe('82a161a178a162c0');
});

test('the bytes are those that engines write: fixext 1 of type 0', () => {
  expect(Buffer.from(encode(block({ a: 'string' }), { a: UNKNOWN }).msgpack).toString('hex')).toBe(
    '81a161d40000',
  );
  expect(decode(block({ a: 'string' }), hex('81 a161 d4 00 00'))).toEqual({ a: UNKNOWN });
  // A hint with eleven bytes: not null, begins with "game-".
  expect(decode(block({ a: 'string' }), hex('81 a161 c7 0a 0c 8201c202a567616d652d'))).toEqual({
    a: UNKNOWN,
  });
});

test('numbers come in every form in which engines write them, and go as text, which keeps their digits and the precision of the state', () => {
  const n = block({ n: 'number' });
  for (const [bytes, value] of [
    ['07', 7],
    ['ff', -1],
    ['cd01bb', 443],
    ['ceffffffff', 4294967295],
    ['cb3fe0000000000000', 0.5],
    ['a3302e31', 0.1],
    ['cf0020000000000000', 2 ** 53],
  ] as const)
    expect(decode(n, hex(`81 a16e ${bytes}`))).toEqual({ n: value });
  expect(Buffer.from(encode(n, { n: 0.1 }).msgpack).toString('hex')).toBe('81a16ea3302e31');
  expect(Buffer.from(encode(n, { n: 443 }).msgpack).toString('hex')).toBe('81a16ea3343433');
});
