import fc from 'fast-check';
import { compare, holds } from '../../../agent/daemon/drift';
import type { LiveEntry } from '../../../agent/kernel/kernel';
import { equal } from '../../../provider/rule/equal';
import type { Forward } from '../../../provider/rule/rule';
import { rule } from '../../property/arbitraries';
import { wanted } from '../support/wanted';

const live = (tag: string, forward: Forward, restriction: string | null = null): LiveEntry => ({
  tag,
  // What the kernel tells: it knows no descriptions, and whatever is there is on.
  forward: { ...forward, enabled: true, description: '' },
  restriction,
  blocked: null,
});

/** One thing of a forward, changed by hand. Each keeps the forward a valid one. */
const edits: readonly ((forward: Forward) => Forward)[] = [
  (forward) => forward,
  (forward) => ({ ...forward, log: !forward.log }),
  (forward) => ({ ...forward, hairpin: forward.hairpin === null ? null : !forward.hairpin }),
  (forward) => ({ ...forward, hairpin: null }),
  (forward) => ({ ...forward, hairpin: true }),
  (forward) => ({ ...forward, wan: forward.wan === null ? 'wan7' : null }),
  (forward) => ({ ...forward, sources: forward.sources === null ? ['192.0.2.7/32'] : null }),
  (forward) => ({ ...forward, target: { kind: 'host', family: 4, address: '192.168.1.99' } }),
  (forward) => ({
    ...forward,
    traffic: forward.traffic.map((one) => ({ ...one, ports: one.ports.slice(1) })),
  }),
  (forward) => ({
    ...forward,
    traffic: forward.traffic.map((one) => ({
      ...one,
      ports: one.ports.map((span) => ({ ...span, target: span.target === 9 ? 10 : 9 })),
    })),
  }),
  (forward) => ({
    ...forward,
    traffic: forward.traffic.map(({ protocol, ports }) => ({
      protocol: protocol === 'tcp' ? 'udp' : 'tcp',
      ports,
    })),
  }),
];

test('an entry holds exactly where the rule itself says that both mean the same', () => {
  const seen = { held: 0, changed: 0 };
  fc.assert(
    fc.property(rule, fc.constantFrom(...edits), (inputs, edit) => {
      const entry = wanted(inputs);
      const found = live(entry.tag, edit(structuredClone(entry.forward) as Forward));
      const same =
        entry.forward.enabled &&
        equal(entry.forward, { ...found.forward, description: entry.forward.description });
      expect(holds(entry, found)).toBe(same);
      seen[same ? 'held' : 'changed'] += 1;
    }),
    { numRuns: 3000 },
  );
  expect(Math.min(seen.held, seen.changed)).toBeGreaterThan(300);
});

test('an entry with something added to it never holds', () => {
  const entry = wanted({ name: 'web' });
  expect(holds(entry, live(entry.tag, entry.forward))).toBe(true);
  expect(holds(entry, live(entry.tag, entry.forward, 'changed by hand: at noon'))).toBe(false);
});

test('tells apart what was changed, what was lost and what nobody wanted', () => {
  const [kept, changed, lost, off, stray] = ['kept', 'changed', 'lost', 'off', 'stray'].map((name, at) =>
    wanted({ name, externalPort: 1000 + at, enabled: name !== 'off' }),
  ) as [W, W, W, W, W];
  const drift = compare([kept, changed, lost, off], {
    ours: [
      live(kept.tag, kept.forward),
      live(changed.tag, { ...changed.forward, log: true }),
      live(off.tag, off.forward),
      live(stray.tag, stray.forward),
    ],
    intact: true,
    foreign: [],
  });
  expect([...drift.changed]).toEqual([changed.tag]);
  expect([...drift.lost]).toEqual([lost.tag]);
  expect([...drift.stray.keys()].sort()).toEqual([off.tag, stray.tag].sort());
});

type W = ReturnType<typeof wanted>;
