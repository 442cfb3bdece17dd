import fc from 'fast-check';
import { type Claim, cut } from '../../../agent/kernel/segments';

const claim: fc.Arbitrary<Claim> = fc
  .tuple(
    fc.constantFrom('a', 'b', 'c', 'd'),
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 0, max: 20 }),
  )
  .map(([tag, from, width]) => ({ tag, from, to: from + width }));

test('every port is tried against exactly the entries that claim it, in one segment', () => {
  fc.assert(
    fc.property(fc.array(claim, { maxLength: 8 }), (claims) => {
      const segments = cut(claims);
      for (let port = 1; port <= 90; port++) {
        const wanted = [
          ...new Set(claims.filter(({ from, to }) => from <= port && port <= to).map(({ tag }) => tag)),
        ];
        const found = segments.filter(({ from, to }) => from <= port && port <= to);
        expect(found.length).toBe(wanted.length === 0 ? 0 : 1);
        expect(found[0]?.tags ?? []).toEqual(wanted.sort());
      }
    }),
  );
});

test('the order of the claims does not matter, and neighbours with the same entries are one', () => {
  fc.assert(
    fc.property(fc.array(claim, { maxLength: 8 }), (claims) => {
      const segments = cut(claims);
      expect(cut([...claims].reverse())).toEqual(segments);
      for (const [at, { to, tags }] of segments.entries()) {
        const next = segments[at + 1];
        if (next?.from === to + 1) expect(next.tags).not.toEqual(tags);
      }
    }),
  );
});

test('the last port of the line is a port like any other', () => {
  expect(cut([{ tag: 'a', from: 65_530, to: 65_535 }])).toEqual([{ from: 65_530, to: 65_535, tags: ['a'] }]);
});
