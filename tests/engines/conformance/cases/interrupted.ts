import type { Group, Program } from '../case';

/** One after the other, so that the gateway is at the first while the second is not begun. */
const TWO: Program = { first: { externalPort: 6000 }, second: { externalPort: 6001, after: 'first' } };
const FIRST: Program = { first: { externalPort: 6000 } };

export function interrupted(): Group {
  return {
    title: 'a run that is cut short',
    together: false,
    cases: [
      {
        name: 'cancelled in the middle: what was sent is finished, the rest is not begun, and the next run goes on',
        needs: ['hold'],
        steps: [
          { program: TWO, run: 'cancelled', stands: [FIRST] },
          { plan: { changes: { second: 'create' } } },
          { run: 'destroy', stands: [{}] },
        ],
      },
      {
        name: 'the provider killed in the middle: the next run finds what was written and goes on',
        needs: ['hold', 'no rollback'],
        elsewhere: { pulumi: 'tests/engines/pulumi/killed.test.ts' },
        steps: [
          { program: TWO, run: 'killed', stands: [FIRST] },
          { plan: { changes: { first: 'create', second: 'create' } } },
          { run: 'destroy', stands: [{}] },
        ],
      },
      {
        name: 'the provider killed in the middle, and nobody confirms: the next run begins anew',
        needs: ['hold', 'rollback'],
        elsewhere: { pulumi: 'tests/engines/pulumi/killed.test.ts' },
        steps: [
          { program: TWO, run: 'killed', stands: [{}] },
          { plan: { changes: { first: 'create', second: 'create' } } },
          { run: 'destroy', stands: [{}] },
        ],
      },
    ],
  };
}
