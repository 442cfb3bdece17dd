import { type Case, type Changes, creates, type Group, type Program } from '../case';

function handed(name: string, before: Program, after: Program, changes: Changes): Case {
  return {
    name,
    steps: [
      { program: before, plan: creates(before) },
      { program: after, plan: { changes } },
    ],
  };
}

const three = [1, 2, 3];
const rotation = (by: number): Program =>
  Object.fromEntries(
    three.map((n) => [`rotates-${n}`, { externalPort: 3031 + ((n - 1 + by) % 3), internalPort: n }]),
  );

export function handOver(): Group {
  return {
    title: 'ports change hands in one run',
    together: true,
    cases: [
      handed(
        'a rule gets another name',
        { renamed: { externalPort: 3000 } },
        { renamed: { name: 'renamed-so', externalPort: 3000 } },
        { renamed: 'replace' },
      ),
      handed(
        'a rule gets another name and another address',
        { old: { externalPort: 3001 } },
        { new: { externalPort: 3001 } },
        { old: 'delete', new: 'create' },
      ),
      handed(
        'another address, the same name',
        { here: { externalPort: 3002 } },
        { there: { name: 'here', externalPort: 3002 } },
        { here: 'delete', there: 'create' },
      ),
      handed(
        'two rules swap ports',
        {
          'swap-a': { externalPort: 3010, internalPort: 1 },
          'swap-b': { externalPort: 3011, internalPort: 2 },
        },
        {
          'swap-a': { externalPort: 3011, internalPort: 1 },
          'swap-b': { externalPort: 3010, internalPort: 2 },
        },
        { 'swap-a': 'update', 'swap-b': 'update' },
      ),
      handed('three rules rotate ports', rotation(0), rotation(1), {
        'rotates-1': 'update',
        'rotates-2': 'update',
        'rotates-3': 'update',
      }),
      handed(
        'a range is split',
        { whole: { externalPort: '3040-3049' } },
        { low: { externalPort: '3040-3044' }, high: { externalPort: '3045-3049' } },
        { whole: 'delete', low: 'create', high: 'create' },
      ),
      handed(
        'a range gives one port to a new rule',
        { wide: { externalPort: '3050-3059' } },
        { wide: { externalPort: '3050-3058' }, last: { externalPort: 3059 } },
        { wide: 'update', last: 'create' },
      ),
    ],
  };
}
