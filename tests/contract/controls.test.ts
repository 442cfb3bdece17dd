import type { MemoryGateway } from '../../lab/simulators/memory/gateway';
import { cautious, poor, rich } from '../../lab/simulators/memory/kinds';
import type { Change } from '../../provider/backends/backend';
import { Bench } from './kit';
import { memoryHarness } from './memory-harness';
import { batches } from './promises/batches';
import { drift } from './promises/drift';
import { failures } from './promises/failures';
import { foreign } from './promises/foreign';
import { lifecycle } from './promises/lifecycle';
import { properties } from './promises/properties';
import { trials } from './promises/trials';

/*
 * Negative controls: the contract suite is run against gateways that are broken on purpose, and the named tests must
 * fail. A suite that passes everything proves nothing.
 */

type Test = () => Promise<void>;

/** The tests of a promise, caught instead of run. */
function tests(
  promise: (bench: Bench) => void,
  kind: typeof rich,
  sabotage: (gateway: MemoryGateway) => void,
) {
  const caught = new Map<string, Test>();
  const before: Test[] = [];
  const after: Test[] = [];
  const world = globalThis as unknown as Record<string, unknown>;
  const real = { test: world.test, beforeEach: world.beforeEach, afterEach: world.afterEach };
  Object.assign(world, {
    test: Object.assign((name: string, run: Test) => caught.set(name, run), { skip: () => undefined }),
    beforeEach: (run: Test) => before.push(run),
    afterEach: (run: Test) => after.push(run),
  });
  try {
    promise(new Bench(memoryHarness(kind, sabotage)));
  } finally {
    Object.assign(world, real);
  }
  return async (name: string): Promise<'passes' | 'fails'> => {
    const run = caught.get(name);
    if (!run) throw new Error(`no test "${name}"; there are: ${[...caught.keys()].join(', ')}`);
    for (const one of before) await one();
    try {
      await run();
      return 'passes';
    } catch {
      return 'fails';
    } finally {
      for (const one of after) await one();
    }
  };
}

const sound = (): void => {};

function onApply(gateway: MemoryGateway, change: (changes: readonly Change[]) => readonly Change[]): void {
  const apply = gateway.apply.bind(gateway);
  gateway.apply = async (changes, generation, signal, trial) => {
    const results = await apply(change(changes), generation, signal, trial);
    return changes.map((_, index) => results[index] ?? { status: 'done', handle: null });
  };
}

const cases: readonly {
  readonly broken: string;
  readonly kind: typeof rich;
  readonly promise: (bench: Bench) => void;
  readonly test: string;
  readonly sabotage: (gateway: MemoryGateway) => void;
}[] = [
  {
    broken: 'apply is a no-op that reports success',
    kind: rich,
    promise: lifecycle,
    test: 'create puts the rule on the gateway and answers its state',
    sabotage: ({ faults }) => {
      faults.doNothing = true;
    },
  },
  {
    broken: 'removals are a no-op that reports success',
    kind: rich,
    promise: lifecycle,
    test: 'delete removes the rule and nothing else',
    sabotage: (gateway) => onApply(gateway, (changes) => changes.filter(({ op }) => op !== 'remove')),
  },
  {
    broken: 'the source filter is off',
    kind: rich,
    promise: properties,
    test: 'sources: set, changed, unset',
    sabotage: ({ faults }) => {
      faults.ignoreSources = true;
    },
  },
  {
    broken: 'the source filter is off, on a gateway with one source in an entry',
    kind: poor,
    promise: properties,
    test: 'a rule that needs many entries is cut and put together again',
    sabotage: ({ faults }) => {
      faults.ignoreSources = true;
    },
  },
  {
    broken: 'a change touches a foreign entry too',
    kind: rich,
    promise: foreign,
    test: 'foreign entries are byte-identical after everything we do',
    sabotage: (gateway) => {
      const apply = gateway.apply.bind(gateway);
      gateway.apply = async (changes, generation, signal) => {
        const results = await apply(changes, generation, signal);
        gateway.tamper('1', { description: 'touched' });
        return results;
      };
    },
  },
  {
    broken: 'the old entry goes before the new one comes',
    kind: poor,
    promise: lifecycle,
    test: 'an update puts the new entries before it removes the old',
    sabotage: (gateway) =>
      onApply(gateway, (changes) => {
        const ours = gateway.records.find(({ mark }) => mark.startsWith('pf1_'));
        if (ours && changes.some(({ op }) => op === 'add')) {
          gateway.vanish(ours.handle);
          gateway.log.push({
            op: 'remove',
            handle: ours.handle,
            tag: ours.mark.split(' ')[0] ?? '',
            transaction: 0,
            trial: false,
          });
        }
        return changes;
      }),
  },
  {
    broken: 'what was changed by hand is not told',
    kind: rich,
    promise: drift,
    test: 'internalAddress: a change by hand is seen and mended',
    sabotage: (gateway) => {
      gateway.tamper = () => {};
    },
  },
  {
    broken: 'a lost answer was carried out twice',
    kind: poor,
    promise: failures,
    test: 'a lost answer is settled by looking: nothing is doubled',
    sabotage: (gateway) => {
      const apply = gateway.apply.bind(gateway);
      gateway.apply = async (changes, generation, signal) => {
        const lost = gateway.faults.loseAnswers > 0;
        gateway.faults.loseAnswers = 0;
        const results = await apply(changes, generation, signal);
        gateway.counts.applies += lost ? 1 : 0;
        return results;
      };
    },
  },
  {
    broken: 'every read costs a look',
    kind: rich,
    promise: batches,
    test: '500 reads spread over seconds are at most two looks',
    sabotage: (gateway) => {
      const list = gateway.list.bind(gateway);
      gateway.list = async (recorded, signal) => {
        gateway.counts.lists += 3;
        return list(recorded, signal);
      };
    },
  },
  {
    broken: 'nothing is ever confirmed',
    kind: cautious,
    promise: trials,
    test: 'a new entry is confirmed, and stays when the time is over',
    sabotage: (gateway) => {
      gateway.confirm = async () => 'confirmed';
    },
  },
  {
    broken: 'a change that cuts our way is confirmed over the old connection',
    kind: cautious,
    promise: trials,
    test: 'a change that cuts our way is not confirmed, and the device takes it back',
    sabotage: (gateway) => {
      gateway.faults.cutsWay.add = () => gateway.faults.cutsWay;
    },
  },
];

describe.each(cases)('control: $broken', ({ kind, promise, test: name, sabotage }) => {
  test(`the suite notices: ${name}`, async () => {
    expect(await tests(promise, kind, sound)(name)).toBe('passes');
    expect(await tests(promise, kind, sabotage)(name)).toBe('fails');
  });
});
