import fc from 'fast-check';
import { compile } from '../../../agent/kernel/compile';
import { concerned } from '../../../agent/kernel/concern';
import type { KernelEntry } from '../../../agent/kernel/kernel';
import { transaction } from '../../../agent/kernel/transaction';
import { entry } from './entries';

const network = { wans: [], lanInterfaces: [], lanNetworks: [], own: [] };
const plan = (before: readonly KernelEntry[], after: readonly KernelEntry[]) =>
  transaction(compile(before, 1), compile(after, 1), network)
    .map((command) => JSON.stringify(command))
    .sort();

const drawn = fc.record({
  name: fc.integer({ min: 0, max: 30 }),
  from: fc.integer({ min: 1, max: 80 }),
  width: fc.integer({ min: 0, max: 6 }),
  source: fc.option(fc.integer({ min: 0, max: 3 })),
  host: fc.constantFrom('192.168.50.10', '192.168.50.20', '2001:db8:50::10'),
  log: fc.boolean(),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

const make = ({ name, from, width, source, host, log }: Drawn): KernelEntry =>
  entry(`r${name}`, {
    externalPort: width === 0 ? from : `${from}-${from + width}`,
    internalAddress: host,
    log,
    ...(source === null
      ? {}
      : { sources: [host.includes(':') ? `2001:db8:${source}::/48` : `192.0.${source}.0/24`] }),
  });

const entries = fc.uniqueArray(drawn, { selector: ({ name }) => name, minLength: 15, maxLength: 30 });

test('a plan for what a change concerns is the plan for the whole table', () => {
  fc.assert(
    fc.property(
      entries,
      fc.uniqueArray(drawn, { selector: ({ name }) => name, maxLength: 3 }),
      fc.nat(3),
      (list, edits, removals) => {
        const before = list.map(make);
        const names = new Set([
          ...edits.map(({ name }) => name),
          ...list.slice(0, removals).map(({ name }) => name),
        ]);
        const after = [...list.filter(({ name }) => !names.has(name)), ...edits].map(make);
        const concern = concerned(before, after, new Set());
        expect(plan(concern.before, concern.after)).toEqual(plan(before, after));
      },
    ),
  );
});

test('what has nothing to do with a change is left out of it', () => {
  const others = Array.from({ length: 50 }, (_, at) => entry(`o${at}`, { externalPort: 10_000 + at }));
  const one = entry('one', { externalPort: 443 });
  expect(concerned(others, [...others.map((other) => structuredClone(other)), one], new Set())).toEqual({
    before: [],
    after: [one],
  });
  const [again] = others as [KernelEntry];
  expect(concerned(others, others, new Set([again.tag]))).toEqual({ before: [again], after: [again] });
});
