import fc from 'fast-check';
import { hasCode, type PortforwardError } from '../../../../provider/rule/error';
import { decode, decodeJson } from '../../../../provider/terraform/codec/decode';
import { encode } from '../../../../provider/terraform/codec/encode';
import type { Typed } from '../../../../provider/terraform/codec/type';
import { arrived, block, hex, REFINED_UNKNOWN, written } from './support';

const of = block({
  name: 'string',
  size: 'number',
  on: 'bool',
  sources: ['set', 'string'],
  rules: ['list', ['object', { handle: 'string' }]],
});
const good = written({
  name: 'a name longer than thirty-one bytes, hence with a length byte',
  size: 70000,
  on: null,
  sources: ['192.0.2.0/24', REFINED_UNKNOWN],
  rules: [{ handle: 'x' }, { handle: null }],
});

/** The value or our error: nothing else may come out. */
function outcome(work: () => unknown): PortforwardError | null {
  try {
    work();
    return null;
  } catch (error) {
    if (!hasCode(error, 'internal')) throw error;
    expect(error.message).toMatch(/^[^\n]{20,300}$/);
    expect(error.hint).toBeDefined();
    return error;
  }
}

const fault = (bytes: Uint8Array, typed: Typed = of): string =>
  outcome(() => decode(typed, arrived(bytes)))?.summary ?? 'none';

test('a message that is cut short anywhere is refused', () => {
  expect(fault(good.msgpack)).toBe('none');
  for (let length = 1; length < good.msgpack.length; length++)
    expect([length, fault(good.msgpack.subarray(0, length))]).toEqual([
      length,
      expect.stringMatching(/cut short/),
    ]);
});

test('bytes after the value are refused', () => {
  expect(fault(Buffer.concat([good.msgpack, Buffer.from([0xc0])]))).toMatch(/something follows it/);
});

const u32 = (head: number, length = 0xffffffff, rest = '') => {
  const bytes = Buffer.alloc(5);
  bytes[0] = head;
  bytes.writeUInt32BE(length, 1);
  return Buffer.concat([bytes, Buffer.from(rest)]);
};

test.each([
  ['text', u32(0xdb)],
  ['bytes', u32(0xc6)],
  ['an extension', u32(0xc9)],
  ['an array', u32(0xdd)],
  ['a map', u32(0xdf)],
  ['a map whose pairs would just fit as values', u32(0xdf, 4, 'aaaa')],
  // Each array would have room for all the others made before anything is missed.
  ['nested arrays', Buffer.concat(Array.from({ length: 20_000 }, () => u32(0xdd, 50_000)))],
])('%s of more elements than there are bytes: no room is made for them', (_name, bytes) => {
  const before = process.memoryUsage();
  expect(fault(Buffer.concat([Buffer.from('81a46e616d65', 'hex'), bytes]))).toMatch(/cut short|nested/);
  const after = process.memoryUsage();
  expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(50e6);
});

test.each([
  ['arrays', 0x91],
  ['maps in keys', 0x81],
])('a million nested %s are refused', (_name, head) => {
  expect(fault(Buffer.alloc(1e6, head))).toMatch(/nested more than 32 levels deep/);
});

test('JSON that is nested a million times, cut short, or no object is refused', () => {
  const state = (json: string) =>
    outcome(() => decodeJson(of, { json: Buffer.from(json), flatmap: {} }))?.summary ?? 'none';
  expect(state(`{"name":${'['.repeat(1e6)}${']'.repeat(1e6)}}`)).toMatch(/name is a list where text was/);
  expect(state('['.repeat(1e6))).toMatch(/not valid JSON/);
  expect(state('{"name":"canary')).toBe('The stored state cannot be read: it is not valid JSON.');
  expect(state('[]')).toMatch(/the whole is a list where an object was expected/);
  expect(state('')).toMatch(/before 0\.12/);
});

test.each<[string, unknown, RegExp]>([
  ['a number for text', { name: 1 }, /: name is a number where text was expected\.$/],
  ['text for a number', { size: 'canary' }, /: size is text where a number was expected\.$/],
  ['text for a boolean', { on: 'true' }, /: on is text where true or false was expected\.$/],
  ['text for a set', { sources: 'canary' }, /: sources is text where a set was expected\.$/],
  ['an object in a set', { sources: ['a', {}] }, /: sources\[1\] is an object where text was expected\.$/],
  ['text for an object', { rules: ['canary'] }, /: rules\[0\] is text where an object was expected\.$/],
  ['deep down', { rules: [{ handle: [] }] }, /: rules\[0\]\.handle is a list where text was expected\.$/],
  ['an attribute that there is not', { nome: 'canary' }, /: there is no attribute "nome" in the schema\.$/],
  [
    'one deep down',
    { rules: [{ hendle: 'canary' }] },
    /: there is no attribute "hendle" in rules\[0\] in the schema\.$/,
  ],
  ['bytes for text', { name: Buffer.from('canary') }, /: name is of a kind that is not known where text was/],
  ['a date for text', { name: new Date(0) }, /: name is of a kind that is not known where text was/],
  ['a list for the whole', [], /: the whole is a list where an object was expected\.$/],
])('%s: the error names the attribute and shows no value', (_name, value, message) => {
  const summary = fault(written(value).msgpack);
  expect(summary).toMatch(message);
  expect(summary).not.toContain('canary');
});

test('names that mean something to JavaScript harm nothing', () => {
  expect(fault(written({ constructor: 'x' }).msgpack)).toMatch(/no attribute "constructor"/);
  expect(fault(hex('81 a9 5f5f70726f746f5f5f 80').msgpack)).toMatch(/keys that no object of ours can have/);
  const state = decodeJson(of, {
    json: Buffer.from('{"__proto__":{"name":"x"},"toString":"y"}'),
    flatmap: {},
  });
  expect(state?.name).toBeNull();
});

test('random bytes, and good ones with bytes changed, come to a value or to one error', () => {
  let errors = 0;
  const tryOut = (bytes: Uint8Array) => {
    if (outcome(() => decode(of, arrived(bytes))) !== null) errors++;
  };
  // A failure prints its seed.
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), tryOut), { numRuns: 5000 });
  const changed = fc
    .array(fc.tuple(fc.nat(good.msgpack.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      const bytes = Buffer.from(good.msgpack);
      for (const [at, byte] of changes) bytes[at] = byte;
      return bytes;
    });
  fc.assert(fc.property(changed, tryOut), { numRuns: 5000 });
  expect(errors).toBeGreaterThan(5000);
});

test('what we would send in error is our own error', () => {
  const refuse = (values: Record<string, unknown>) => outcome(() => encode(of, values))?.summary;
  expect(refuse({ name: 443 })).toMatch(/provider made a value.*name is a number where text/);
  expect(refuse({ nmae: 'web' })).toMatch(/no attribute "nmae"/);
  expect(refuse({ size: Number.NaN })).toMatch(/size is no finite number where a number/);
  expect(refuse({ name: 'web' })).toBeUndefined();
});
