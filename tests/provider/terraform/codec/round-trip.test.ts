import { inspect } from 'node:util';
import fc from 'fast-check';
import { UNKNOWN } from '../../../../provider/rule/rule';
import { decode, decodeJson } from '../../../../provider/terraform/codec/decode';
import { encode } from '../../../../provider/terraform/codec/encode';
import type { Type, Typed, Values } from '../../../../provider/terraform/codec/type';
import { arrived, block } from './support';

const scalar: fc.Arbitrary<Type> = fc.constantFrom('string', 'number', 'bool');

const type: fc.Arbitrary<Type> = fc.letrec<{ type: Type; object: Type }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalar,
    fc.tuple(fc.constantFrom('list', 'set'), tie('type')) as fc.Arbitrary<Type>,
    tie('object'),
  ),
  object: fc
    .dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), tie('type'), { maxKeys: 4 })
    .map((attributes) => ['object', attributes] as const),
})).type;

const number = fc.oneof(
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.constantFrom(0, 1, -1, 65535, 0.1, 1e21, 2 ** 53, -(2 ** 63), Number.MAX_VALUE, 5e-324),
);

/** A value of the type; null and UNKNOWN may stand anywhere. */
function anyOf(of: Type, holes: readonly unknown[]): fc.Arbitrary<unknown> {
  const hole = fc.constantFrom(...holes);
  const some = ((): fc.Arbitrary<unknown> => {
    if (of === 'string') return fc.string({ unit: 'binary', maxLength: 40 });
    if (of === 'number') return number;
    if (of === 'bool') return fc.boolean();
    const [shape, inner] = of;
    if (shape !== 'object') return fc.array(anyOf(inner, holes), { maxLength: 4 });
    const members = Object.entries(inner).map(([name, own]) => [name, anyOf(own, holes)] as const);
    return fc.record(Object.fromEntries(members));
  })();
  return fc.oneof({ weight: 5, arbitrary: some }, { weight: 1, arbitrary: hole });
}

const typed = (holes: readonly unknown[]): fc.Arbitrary<{ of: Typed; values: Values }> =>
  fc
    .dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), type, { minKeys: 1, maxKeys: 6 })
    .chain((attributes) =>
      fc
        .record(Object.fromEntries(Object.entries(attributes).map(([name, of]) => [name, anyOf(of, holes)])))
        .map((values) => ({ of: block(attributes), values })),
    );

// A failure prints its seed.
test('10 000 random values of random types come back as they were', () => {
  let unknowns = 0;
  fc.assert(
    fc.property(typed([null, UNKNOWN]), ({ of, values }) => {
      const { msgpack } = encode(of, values);
      const back = decode(of, arrived(msgpack));
      expect(back).toEqual(plain(values));
      if (inspect(values, { depth: 9 }).includes(String(UNKNOWN))) unknowns++;
    }),
    { numRuns: 10_000 },
  );
  expect(unknowns).toBeGreaterThan(1000);
});

test('a state of random types comes back out of its JSON', () => {
  fc.assert(
    fc.property(typed([null]), ({ of, values }) => {
      const json = Buffer.from(JSON.stringify(values));
      expect(decodeJson(of, { json, flatmap: {} })).toEqual(plain(values));
    }),
    { numRuns: 1000 },
  );
});

test('a null object and no value at all are null', () => {
  const of = block({ name: 'string' });
  expect(decode(of, null)).toBeNull();
  expect(decode(of, arrived(new Uint8Array(0)))).toBeNull();
  expect(encode(of, null)).toEqual({ msgpack: Uint8Array.of(0xc0) });
  expect(decode(of, arrived(encode(of, null).msgpack))).toBeNull();
  expect(decodeJson(of, null)).toBeNull();
  expect(decodeJson(of, { json: Buffer.from('null'), flatmap: {} })).toBeNull();
});

test('a value that came as JSON is read as well', () => {
  const value = { msgpack: Buffer.alloc(0), json: Buffer.from('{"name":"web"}') };
  expect(decode(block({ name: 'string' }), value)).toEqual({ name: 'web' });
});

/** -0 has no sign in HCL, and fast-check's objects have no prototype. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'number') return value + 0;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
