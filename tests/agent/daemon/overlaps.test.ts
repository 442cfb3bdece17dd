import fc from 'fast-check';
import type { WantedWire } from '../../../agent/api/wire';
import { firstConflict } from '../../../agent/daemon/overlaps';
import { overlap } from '../../../provider/rule/conflicts';
import { wanted } from '../support/wanted';

const entry = fc
  .record({
    from: fc.integer({ min: 100, max: 106 }),
    length: fc.integer({ min: 0, max: 4 }),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'tcp+udp' as const),
    sources: fc.constantFrom(undefined, ['203.0.113.0/24'], ['203.0.113.0/25'], ['198.51.100.0/24']),
    enabled: fc.boolean(),
    wan: fc.constantFrom(undefined, 'wan0', 'wan1'),
  })
  .map(({ from, length, sources, wan, ...rest }) => ({
    externalPort: length === 0 ? from : `${from}-${from + length}`,
    ...(sources === undefined ? {} : { sources }),
    ...(wan === undefined ? {} : { wan }),
    ...rest,
  }));

const set = fc
  .array(entry, { minLength: 2, maxLength: 8 })
  .map((all) => all.map((one, i) => wanted({ name: `r${i}`, ...one })));

/** Every pair, asked of the rule itself. */
function pairs(entries: readonly WantedWire[], changed: ReadonlySet<string>): boolean {
  return entries.some((a, i) =>
    entries.some(
      (b, j) => i < j && (changed.has(a.tag) || changed.has(b.tag)) && overlap(a.forward, b.forward) !== null,
    ),
  );
}

test('finds a conflict exactly where two rules of which one is new could take one packet', () => {
  let conflicting = 0;
  fc.assert(
    fc.property(set, fc.nat({ max: 3 }), (entries, old) => {
      const fresh = new Map(entries.slice(old).map(({ tag }, index) => [tag, index]));
      const expected = pairs(entries, new Set(fresh.keys()));
      if (expected) conflicting += 1;
      expect(firstConflict(entries, fresh) !== null).toBe(expected);
    }),
    { numRuns: 2000 },
  );
  expect(conflicting).toBeGreaterThan(300);
});

test('names the change at fault: with those before it alone there is no conflict', () => {
  fc.assert(
    fc.property(set, (entries) => {
      const fresh = new Map(entries.map(({ tag }, index) => [tag, index]));
      const found = firstConflict(entries, fresh);
      if (found === null) return;
      const without = entries.slice(0, found.index);
      expect(firstConflict(without, new Map(without.map(({ tag }, index) => [tag, index])))).toBeNull();
    }),
  );
});
