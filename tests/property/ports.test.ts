import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mergeRanges, parsePorts, printPorts } from '../../provider/rule/ports';

const port = fc.integer({ min: 1, max: 65535 });
const range = fc.tuple(port, port).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

test('what is printed is parsed to the same, whatever the order of the pieces', () => {
  fc.assert(
    fc.property(fc.array(range, { minLength: 1, maxLength: 12 }), (spans) => {
      assert.deepEqual(parsePorts(printPorts(spans), { repeats: true }), { spans });
    }),
  );
});

test('every valid form is accepted and keeps its meaning', () => {
  fc.assert(
    fc.property(fc.uniqueArray(port, { minLength: 1, maxLength: 40 }), (ports) => {
      const parsed = parsePorts(ports.join(','));
      assert.deepEqual(parsed, { spans: ports.map((one) => ({ from: one, to: one })) });
      if (ports.length === 1) assert.deepEqual(parsePorts(ports[0]), parsed);
    }),
  );
});

test('merged ranges hold the same ports, sorted, apart, and do not depend on the order', () => {
  const near = fc
    .tuple(fc.integer({ min: 1, max: 30 }), fc.nat(5))
    .map(([from, more]) => ({ from, to: from + more }));
  const ports = (spans: readonly { from: number; to: number }[]) =>
    [
      ...new Set(spans.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i))),
    ].sort((a, b) => a - b);
  fc.assert(
    fc.property(fc.array(near, { minLength: 1, maxLength: 8 }), (spans) => {
      const merged = mergeRanges(spans);
      assert.deepEqual(ports(merged), ports(spans));
      assert.equal(
        merged.every(({ from }, index) => index === 0 || from > (merged[index - 1]?.to as number) + 1),
        true,
      );
      assert.deepEqual(mergeRanges([...spans].reverse()), merged);
    }),
  );
});

test('a text is accepted exactly when an independent reading of the grammar accepts it', () => {
  const alphabet = fc.constantFrom('0', '1', '5', '6', '8', '9', '-', ',', ' ', '+', 'a', '.', '\n', '１');
  fc.assert(
    fc.property(fc.string({ unit: alphabet, maxLength: 12 }), (text) => {
      const seen = new Set<number>();
      let valid = true;
      for (const piece of text.split(',')) {
        const ends = piece.split('-');
        if (ends.length > 2 || ends.some((end) => String(Number(end)) !== end)) valid = false;
        const [from, to] = [Number(ends[0]), Number(ends.at(-1))];
        if (
          !valid ||
          !(from >= 1 && from <= to && to <= 65535) ||
          !Number.isInteger(from) ||
          !Number.isInteger(to)
        ) {
          valid = false;
          break;
        }
        for (let one = from; one <= to; one++) {
          if (seen.has(one)) valid = false;
          seen.add(one);
        }
      }
      assert.equal('spans' in parsePorts(text), valid);
    }),
    { numRuns: 5000 },
  );
});

test('nothing at all makes the parser throw, and every refusal shows what is accepted', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const parsed = parsePorts(value);
      if ('reason' in parsed) expect(parsed.reason).toMatch(/; accepted: |is outside 1-65535/);
    }),
    { numRuns: 3000 },
  );
});

test('a meant value in a refusal is itself accepted', () => {
  const digits = fc.integer({ min: 0, max: 70000 }).map(String);
  const noise = fc.constantFrom('', ' ', 'abc', '-', '–', ':', ', ', ';', 'tcp/', '0', '+', '..', ' to ');
  fc.assert(
    fc.property(fc.array(fc.tuple(noise, digits, noise), { minLength: 1, maxLength: 4 }), (parts) => {
      const parsed = parsePorts(parts.flat().join(''));
      const meant = 'reason' in parsed ? /Did you mean "?([^"?]*)"?\?/.exec(parsed.reason) : null;
      if (meant) expect(parsePorts(meant[1])).toHaveProperty('spans');
    }),
    { numRuns: 3000 },
  );
});
