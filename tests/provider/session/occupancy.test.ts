import fc from 'fast-check';
import { overlap } from '../../../provider/rule/conflicts';
import { Occupancy } from '../../../provider/session/occupancy';
import { forward } from './device';

const range = fc
  .tuple(
    fc.integer({ min: 1, max: 65_535 }),
    fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 60_000 })),
  )
  .map(([from, width]) => ({ from, to: Math.min(from + width, 65_535) }));
const some = fc
  .tuple(range, fc.constantFrom('tcp' as const, 'udp' as const, 'tcp+udp' as const))
  .map(([{ from, to }, protocol]) => forward(from === to ? from : `${from}-${to}`, { protocol }));

test('nothing that overlaps is missed', () => {
  fc.assert(
    fc.property(fc.array(some, { maxLength: 20 }), some, (others, wanted) => {
      const occupancy = new Occupancy<number>();
      for (const [index, other] of others.entries()) occupancy.add(other, index);
      const near = occupancy.near(wanted);
      const overlapping = others.flatMap((other, index) => (overlap(wanted, other) === null ? [] : [index]));
      expect(overlapping.filter((index) => !near.has(index))).toEqual([]);
    }),
  );
});

test('far ports are not looked at', () => {
  const occupancy = new Occupancy<string>();
  occupancy.add(forward(80), 'web');
  occupancy.add(forward(8443), 'other');
  occupancy.add(forward(80, { protocol: 'udp' }), 'quic');
  expect([...occupancy.near(forward(81))]).toEqual(['web']);
});
