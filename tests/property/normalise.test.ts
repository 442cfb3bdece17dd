import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalForward } from '../../provider/rule/canonical';
import { diff } from '../../provider/rule/diff';
import { differences, equal } from '../../provider/rule/equal';
import { normalise } from '../../provider/rule/normalise';
import { properties } from '../../provider/rule/properties';
import { type Forward, type RuleInputs, UNKNOWN } from '../../provider/rule/rule';
import { spell } from '../../provider/rule/spell';
import { type Facts, facts, rule, style, write } from './arbitraries';

const forward = (inputs: RuleInputs): Forward => normalise(inputs).forward;
const RUNS = { numRuns: 1500 };

test('two spellings of one rule have one normal form, and diff sees no change', () => {
  fc.assert(
    fc.property(facts, style, style, (given, first, second) => {
      const [a, b] = [write(given, first), write(given, second)];
      assert.deepEqual(forward(a), forward(b));
      assert.deepEqual(diff({ ...a }, { ...b }), []);
    }),
    RUNS,
  );
});

test('normalise is idempotent: the normal form written out has the same normal form', () => {
  fc.assert(
    fc.property(rule, (inputs) => {
      const once = forward(inputs);
      // another hairpin is recorded, else the live one would not be told
      const other = once.hairpin === null ? {} : { hairpin: !once.hairpin };
      const written = spell(once, { name: 'web', externalPort: 1, internalAddress: 'gateway', ...other });
      assert.deepEqual(forward(written), once);
      assert.deepEqual(canonicalForward(once), once);
    }),
    RUNS,
  );
});

test('the normal form means what the facts say, port by port', () => {
  fc.assert(
    fc.property(facts, style, (given, pick) => {
      const wanted = new Set<string>();
      for (const protocol of given.protocol.split('+')) {
        for (const { from, to, target } of given.pieces) {
          for (let port = from; port <= to; port++) wanted.add(`${protocol} ${port} ${target + port - from}`);
        }
      }
      const found = forward(write(given, pick)).traffic.flatMap(({ protocol, ports }) =>
        ports.flatMap(({ from, to, target }) =>
          Array.from(
            { length: to - from + 1 },
            (_, index) => `${protocol} ${from + index} ${target + index}`,
          ),
        ),
      );
      assert.equal(found.length, wanted.size);
      assert.deepEqual(new Set(found), wanted);
    }),
    RUNS,
  );
});

/** Two rules of which the second differs from the first in a few facts only, so that near misses are common. */
const nearPair = fc
  .tuple(
    facts,
    facts,
    fc.array(
      fc.constantFrom<keyof Facts>(
        'enabled',
        'protocol',
        'pieces',
        'wan',
        'sources',
        'hairpin',
        'log',
        'description',
      ),
      { maxLength: 3 },
    ),
  )
  .map(([a, other, keys]): [Facts, Facts] => {
    const v6 = (text: string) => text.includes(':');
    if (v6(a.target) !== v6(other.target)) return [a, other];
    return [a, { ...a, ...Object.fromEntries(keys.map((key) => [key, other[key]])) }];
  });

test('equal holds exactly for the same normal form, and differences agree with diff', () => {
  let same = 0;
  fc.assert(
    fc.property(nearPair, style, style, ([one, two], first, second) => {
      const [a, b] = [write(one, first), write(two, second)];
      const [x, y] = [forward(a), forward(b)];
      const known = { ...x, hairpin: x.hairpin ?? false };
      const alike = { ...y, hairpin: y.hairpin ?? false };
      const identical = JSON.stringify(known) === JSON.stringify(alike);
      same += identical ? 1 : 0;
      assert.equal(equal(known, alike), identical);
      assert.equal(differences(known, alike).length === 0, identical);
      // unset is a value of its own for what is declared, but equals anything that is found
      assert.deepEqual(
        diff({ ...a }, { ...b }).filter((name) => name !== 'hairpin'),
        differences(x, y).filter((name) => name !== 'hairpin'),
      );
      assert.equal(diff({ ...a }, { ...b }).includes('hairpin'), x.hairpin !== y.hairpin);
    }),
    { numRuns: 3000 },
  );
  expect(same).toBeGreaterThan(150);
});

test('equal is an equivalence', () => {
  const known = rule.map((inputs) => forward({ ...inputs, hairpin: inputs.hairpin ?? false }));
  // few distinct rules, so that three of them are often equal
  const few = fc.array(known, { minLength: 1, maxLength: 2 }).chain((pool) => {
    const variant = fc.tuple(fc.constantFrom(...pool), fc.boolean()).map(([one, log]) => ({ ...one, log }));
    return fc.tuple(variant, variant, variant);
  });
  fc.assert(
    fc.property(few, ([a, b, c]) => {
      assert.equal(equal(a, a), true);
      assert.equal(equal(a, b), equal(b, a));
      if (equal(a, b) && equal(b, c)) assert.equal(equal(a, c), true);
    }),
    RUNS,
  );
});

test('spell: the live state reads back as itself, and what did not change keeps its spelling', () => {
  fc.assert(
    fc.property(nearPair, style, style, ([one, two], first, second) => {
      const recorded = write(one, first);
      const live = forward(write(two, second));
      const spelled = spell(live, recorded);
      const back = forward(spelled);
      assert.deepEqual({ ...back, hairpin: null }, { ...live, hairpin: null });
      assert.equal(equal(back, live), true);
      const changed = new Set<string>(differences(forward(recorded), live));
      // a range that now goes to several places cannot keep its shape
      if (changed.has('internalPort')) changed.add('externalPort');
      // and internal ports that followed the external ones must be written once these are others
      if (changed.has('externalPort')) changed.add('internalPort');
      // everyone is written otherwise in the other family
      if (one.target.includes(':') !== two.target.includes(':')) changed.add('sources');
      for (const { name } of properties) {
        if (!changed.has(name)) assert.deepEqual([name, spelled[name]], [name, recorded[name]]);
      }
      assert.deepEqual(spell(live, spelled), spelled);
    }),
    { numRuns: 3000 },
  );
});

test('spell without drift gives back the very inputs, steering properties included', () => {
  fc.assert(
    fc.property(rule, (inputs) => {
      const recorded = { ...inputs, adopt: 'tcp:443', lease: 600, allowManagementPorts: '22, 23' };
      assert.deepEqual(spell(forward(inputs), recorded), recorded);
      assert.deepEqual(spell({ ...forward(inputs), hairpin: null }, recorded), recorded);
    }),
    RUNS,
  );
});

test('diff: an unknown value may have changed, the others are still told apart', () => {
  fc.assert(
    fc.property(rule, fc.constantFrom(...properties.map(({ name }) => name)), (inputs, name) => {
      const changed = diff({ ...inputs }, { ...inputs, [name]: UNKNOWN });
      const expected = new Set<string>(name === 'adopt' ? [] : [name]);
      if (name === 'externalPort')
        changed
          .filter((one) => one === 'internalPort')
          .forEach((one) => {
            expected.add(one);
          });
      assert.deepEqual(new Set(changed), expected);
    }),
    RUNS,
  );
});
