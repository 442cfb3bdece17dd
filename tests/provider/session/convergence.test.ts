import fc from 'fast-check';
import { MemoryGateway } from '../../../lab/simulators/memory/gateway';
import * as kinds from '../../../lab/simulators/memory/kinds';
import type { Backend } from '../../../provider/backends/backend';
import { collision, conflicts } from '../../../provider/rule/conflicts';
import { PortforwardError } from '../../../provider/rule/error';
import { normalise } from '../../../provider/rule/normalise';
import type { RuleInputs } from '../../../provider/rule/rule';
import { systemClock } from '../../../provider/session/clock';
import { partialState } from '../../../provider/session/failures';
import type { Clock } from '../../../provider/session/options';
import { Session } from '../../../provider/session/session';
import type { RuleState } from '../../../provider/session/state';
import { forward, OWNER } from './device';

/*
 * Programs are declared one after the other, as an engine does it: creates and updates first, deletes last, at once or one
 * by one, while the device misbehaves or the process is killed in the middle. One rerun without faults must bring the
 * gateway to what the program says, whatever came before.
 */

type Program = ReadonlyMap<string, RuleInputs>;
type Trouble = 'none' | 'lost answer' | 'lost request' | 'refused' | 'killed before' | 'killed after';

const sources = fc.constantFrom(undefined, ['198.51.100.0/24'], ['203.0.113.0/24', '198.51.100.7']);
const ports = fc.constantFrom<number | string>(8001, 8002, 8003, '8001-8002', '8002-8004', '8001,8003');
const rule = (name: string) =>
  fc
    .record({
      port: ports,
      protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'tcp+udp' as const),
      sources,
      host: fc.constantFrom(10, 20),
      enabled: fc.boolean(),
    })
    .map(
      ({ port, protocol, sources, host, enabled }): RuleInputs => ({
        name,
        externalPort: port,
        protocol,
        internalAddress: `192.168.1.${host}`,
        ...(sources ? { sources } : {}),
        // Mostly on.
        ...(enabled || host === 10 ? {} : { enabled: false }),
      }),
    );

/** Rules that do not conflict: what does is left out, as the program's own check would refuse it. */
const program: fc.Arbitrary<Program> = fc
  .tuple(...['a', 'b', 'c', 'd'].map((name) => fc.option(rule(name), { nil: undefined })))
  .map((rules) => {
    const chosen = new Map<string, RuleInputs>();
    for (const inputs of rules) {
      if (!inputs) continue;
      const all = [...chosen.values(), inputs].map((one) => ({
        name: one.name,
        forward: normalise(one).forward,
      }));
      if (conflicts(all).length === 0) chosen.set(inputs.name, inputs);
    }
    return chosen;
  });

const trouble = fc.constantFrom<Trouble>(
  'none',
  'none',
  'lost answer',
  'lost request',
  'refused',
  'killed before',
  'killed after',
);
const step = fc.record({ program, trouble, parallel: fc.boolean() });
const kind = fc.constantFrom(kinds.rich, kinds.poor, kinds.leased, kinds.sequential, kinds.keyed);

/** No time is lost on lingering. */
const quick: Clock = {
  ...systemClock,
  after: (ms, callback, hold) => systemClock.after(hold ? Math.min(ms, 1) : ms, callback, hold),
};

/** A client whose process is killed at its first change: nothing comes back, and nobody hears the answers. */
function killed(backend: Backend, carriedOut: boolean): { backend: Backend; readonly dead: boolean } {
  const state = { dead: false };
  return {
    get dead() {
      return state.dead;
    },
    backend: {
      open: (signal) => backend.open(signal),
      close: () => backend.close(),
      list: async (recorded, signal) => {
        if (state.dead) throw new PortforwardError('unreachable', 'dead');
        return backend.list(recorded, signal);
      },
      apply: async (changes, options) => {
        const first = !state.dead;
        state.dead = true;
        if (first && carriedOut) await backend.apply(changes, options);
        throw new PortforwardError('timeout', 'dead');
      },
    },
  };
}

/** One `up`. Returns what went wrong. */
async function up(
  gateway: MemoryGateway,
  states: Map<string, RuleState>,
  wanted: Program,
  parallel: boolean,
  trouble: Trouble,
): Promise<string[]> {
  const kill = trouble.startsWith('killed') ? killed(gateway.connect(), trouble === 'killed after') : null;
  const session = new Session(kill?.backend ?? gateway.connect(), {
    owner: OWNER,
    gatewayName: 'router',
    endpoint: 'memory:test',
    clock: quick,
  });
  gateway.faults.loseAnswers = trouble === 'lost answer' ? 1 : 0;
  gateway.faults.loseRequests = trouble === 'lost request' ? 1 : 0;
  if (trouble === 'refused') gateway.faults.refuse.set(8002, 'reserved');
  const errors: string[] = [];
  const attempt = async (name: string, call: () => Promise<RuleState | undefined>): Promise<void> => {
    try {
      const state = await call();
      if (state) states.set(name, state);
      else states.delete(name);
    } catch (error) {
      errors.push(String(error));
      const state = partialState(error);
      // A killed engine records nothing of what was on its way.
      if (state && !kill) states.set(name, state);
    }
  };
  const puts = [...wanted].map(
    ([name, inputs]) =>
      () =>
        attempt(name, async () => {
          const recorded = states.get(name);
          if (!recorded) return session.create(inputs);
          return session.update(recorded, inputs);
        }),
  );
  const drops = [...states.keys()]
    .filter((name) => !wanted.has(name))
    .map(
      (name) => () =>
        attempt(name, async () => {
          await session.delete(states.get(name) as RuleState);
          return undefined;
        }),
    );
  for (const steps of [puts, drops]) {
    if (parallel) await Promise.all(steps.map((one) => one()));
    else for (const one of steps) await one();
  }
  gateway.faults.refuse.clear();
  gateway.faults.loseAnswers = 0;
  gateway.faults.loseRequests = 0;
  await session.close();
  return errors;
}

test('whatever happens, one rerun brings the gateway to what the program says', async () => {
  await fc.assert(
    fc.asyncProperty(kind, fc.array(step, { minLength: 1, maxLength: 4 }), async (chosen, steps) => {
      const gateway = new MemoryGateway({ kind: chosen });
      const foreign = [gateway.addForeign(forward(9001)), gateway.addForeign(FOREIGN)];
      const before = JSON.stringify(gateway.records);
      const states = new Map<string, RuleState>();
      for (const { program, trouble, parallel } of steps) {
        const wanted = fitting(program, chosen);
        await up(gateway, states, wanted, parallel, trouble);
        expect(await up(gateway, states, wanted, parallel, 'none')).toEqual([]);

        const session = new Session(gateway.connect(), {
          owner: OWNER,
          gatewayName: 'router',
          endpoint: 'memory:test',
        });
        for (const [name, inputs] of wanted) {
          const state = states.get(name) as RuleState;
          expect(state.inputs).toEqual(inputs);
          expect(await session.read(state)).toEqual(state);
        }
        const entries = [...states.values()].flatMap((state) => state.entries.map(({ handle }) => handle));
        expect(gateway.records.map(({ handle }) => handle).sort()).toEqual([...foreign, ...entries].sort());
        expect(JSON.stringify(gateway.records.filter(({ handle }) => foreign.includes(handle)))).toBe(before);
        await session.close();
      }
    }),
    { numRuns: Number(process.env.PORTFORWARD_RUNS ?? 40) },
  );
}, 120_000);

/** What this gateway can hold, and what is not in the way of its foreign entries. */
function fitting(program: Program, { capabilities }: kinds.MemoryKind): Program {
  const { sources: most, sourceHosts } = capabilities.entry;
  const open = ({ sources, ...rest }: RuleInputs): RuleInputs => {
    if (most === 0 || !sources) return rest;
    if (!sourceHosts) return { ...rest, sources };
    return { ...rest, sources: [sources.length === 1 ? '198.51.100.9' : '203.0.113.9'] };
  };
  const rules: RuleInputs[] = [];
  for (const inputs of [...program.values()].map(open)) {
    const mine = normalise(inputs).forward;
    const others = [...rules.map((one) => normalise(one).forward), FOREIGN];
    if (others.every((other) => collision(mine, other, capabilities) === null)) rules.push(inputs);
  }
  return new Map(rules.map((inputs) => [inputs.name, inputs]));
}

const FOREIGN = forward(8003, { sources: ['192.0.2.0/24'] });
