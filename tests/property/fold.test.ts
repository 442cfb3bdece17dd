import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { checkRule } from '../../provider/rule/check';
import { diff } from '../../provider/rule/diff';
import { differences, equal } from '../../provider/rule/equal';
import { countEntries, expand, fold } from '../../provider/rule/expand';
import { normalise } from '../../provider/rule/normalise';
import type { Forward } from '../../provider/rule/rule';
import { spell } from '../../provider/rule/spell';
import { capabilities, rule } from './arbitraries';

const RUNS = { numRuns: 1500 };

test('entries fold back into the very forward they were cut from, in any order, and fit the gateway', () => {
  fc.assert(
    fc.property(rule, capabilities, fc.nat(), (inputs, can, turn) => {
      const { forward } = normalise(inputs);
      const parts = expand(forward, can);
      if (parts.length !== countEntries(forward, can)) throw new Error('countEntries is off');
      const at = turn % parts.length;
      const turned = [...parts.slice(at), ...parts.slice(0, at)];
      assert.deepEqual(fold(parts), forward);
      if (!isDeepStrictEqual(fold(turned), forward)) throw new Error('the order matters');
      for (const { traffic, sources } of parts) {
        const spans = traffic.flatMap(({ ports }) => ports);
        const shifted = spans.some(
          ({ from, to, target }) => from !== target && (to > from || traffic[0]?.ports.length !== 1),
        );
        if (can.entry.protocols === 'one' && traffic.length > 1) throw new Error('two protocols');
        if (can.entry.ports !== 'list' && traffic.some(({ ports }) => ports.length > 1))
          throw new Error('a list');
        if (can.entry.ports === 'single' && spans.some(({ from, to }) => from !== to))
          throw new Error('a range');
        if (!can.entry.shift && shifted) throw new Error('a shifted range');
        if ((sources?.length ?? 0) > can.entry.sources) throw new Error('too many sources');
      }
    }),
    RUNS,
  );
});

/** What somebody may do to one entry of a rule behind our back. */
const damage: readonly ((part: Forward) => Forward)[] = [
  (part) => ({ ...part, enabled: !part.enabled }),
  (part) => ({ ...part, log: !part.log }),
  (part) => ({ ...part, description: `${part.description}x` }),
  (part) => ({ ...part, wan: part.wan === 'wan9' ? null : 'wan9' }),
  (part) => ({ ...part, hairpin: part.hairpin === null ? null : !part.hairpin }),
  (part) => ({ ...part, target: { kind: 'host', family: 4, address: '192.168.77.7' } }),
  (part) => ({ ...part, sources: part.sources === null ? ['192.0.2.77/32'] : null }),
  (part) => ({ ...part, sources: ['203.0.113.77/32'] }),
  (part) => ({
    ...part,
    traffic: part.traffic.map((one) => ({
      ...one,
      ports: one.ports.map((span) => ({ ...span, target: span.target === 5 ? 6 : 5 })),
    })),
  }),
  (part) => ({
    ...part,
    traffic: part.traffic.map((one) => ({
      ...one,
      ports: one.ports.map(() => ({ from: 5000, to: 5000, target: 5000 })).slice(0, 1),
    })),
  }),
  (part) => ({
    ...part,
    traffic: part.traffic
      .map((one) => ({ ...one, protocol: one.protocol === 'tcp' ? ('udp' as const) : ('tcp' as const) }))
      .reverse(),
  }),
];

test('one damaged or missing entry never folds into what was wanted, and shows in the spelled inputs', () => {
  fc.assert(
    fc.property(rule, capabilities, fc.nat(), fc.nat(damage.length), (inputs, can, which, how) => {
      const wanted = normalise(inputs).forward;
      const parts = expand(wanted, can);
      const at = which % parts.length;
      const part = parts[at] as Forward;
      const changed = damage[how]?.(part);
      fc.pre(changed === undefined ? parts.length > 1 : !isDeepStrictEqual(changed, part));
      const torn = parts.flatMap((one, index) => (index !== at ? [one] : changed ? [changed] : []));
      const coversSame =
        // swapped protocols of an entry that holds both, or sources widened over their neighbours': the same packets
        changed !== undefined && isDeepStrictEqual(packets(torn), packets(parts));
      fc.pre(!coversSame);
      const live = fold(torn);
      assert.equal(equal(wanted, live), false);
      const spelled = spell(live, inputs);
      expect(diff({ ...inputs }, { ...spelled }).length).toBeGreaterThan(0);
      // a second refresh before anything is mended says the same
      assert.deepEqual(spell(live, spelled), spelled);
      if (live.mixed) {
        // what cannot be said as a rule is no rule, so nobody can apply it by accident; a description is free text
        const said = Object.keys(live.mixed).filter((name) => name !== 'description');
        const refused = new Set(checkRule({ ...spelled }).map(({ property }) => property));
        assert.deepEqual(
          said.filter((name) => !refused.has(name)),
          [],
        );
        expect(differences(wanted, live)).toEqual(expect.arrayContaining(Object.keys(live.mixed)));
      }
      // the steps of the mended rule are seen again
      expect(spell(wanted, spelled)).toBeDefined();
      assert.deepEqual(diff({ ...inputs }, { ...spell(wanted, spelled) }), []);
    }),
    { numRuns: 3000 },
  );
});

/** Every single thing that entries say, port by port and source by source. */
function packets(parts: readonly Forward[]): string[] {
  const said = new Set<string>();
  for (const { traffic, sources, ...rest } of parts) {
    for (const { protocol, ports } of traffic) {
      for (const { from, to, target } of ports) {
        for (let port = from; port <= to; port++) {
          for (const source of sources ?? ['everyone']) {
            said.add(JSON.stringify([protocol, port, target + port - from, source, rest]));
          }
        }
      }
    }
  }
  return [...said].sort();
}
