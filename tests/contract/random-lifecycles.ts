import type { RuleInputs } from '../../provider/rule/rule';
import type { RuleState } from '../../provider/session/state';
import type { Harness } from './harness';
import { Bench } from './kit';

const ROUNDS = 25;
/** Rules of one round, which an engine would put in one run. */
const RULES = 40;
const FOREIGN = 10;

/**
 * A thousand rules live at random: created, changed in whatever way the gateway knows, read by another process, deleted, as
 * many at a time as an engine puts in one run. What is not ours is byte-identical after every step, and nothing of ours is left.
 */
export function randomLifecycles(name: string, harness: Harness): void {
  describe(`a thousand lives, on ${name}`, () => {
    jest.setTimeout(300_000);
    const bench = new Bench(harness);

    test('foreign entries are byte-identical after each, and nothing is left', async () => {
      const seed = Number(process.env.PORTFORWARD_SEED ?? Date.now() % 2 ** 31);
      console.log(`seed ${seed}`);
      const random = mulberry(seed);
      const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
      for (let index = 0; index < FOREIGN; index += 1)
        await bench.device.addForeign(
          bench.forward(2_000 + index, { protocol: pick(['tcp', 'udp'] as const) }),
        );
      const before = await bench.device.snapshot();
      const handles = new Set(before.map(({ handle }) => handle));
      const untouched = async (): Promise<void> => {
        const now = await bench.device.snapshot();
        expect(now.filter(({ handle }) => handles.has(handle))).toEqual(before);
      };

      const { hosts } = harness.network;
      /** Ports of its own for each rule, so that whatever it becomes it is in nobody's way. */
      const some = (index: number): RuleInputs => {
        const first = 10_000 + 10 * index;
        const port = first + Math.floor(random() * 4);
        const externalPort = random() < 0.8 ? port : pick([`${port}-${port + 2}`, `${port},${port + 5}`]);
        return {
          name: `r${index}`,
          externalPort,
          internalAddress: pick(hosts),
          protocol: random() < 0.8 ? pick(['tcp', 'udp'] as const) : 'tcp+udp',
          ...(typeof externalPort === 'number' && random() < 0.5 ? { internalPort: 443 } : {}),
          ...(bench.sources && random() < 0.3 ? { sources: pick(bench.sources) } : {}),
          ...(random() < 0.1 ? { enabled: false } : {}),
          ...(bench.can('lease') && random() < 0.3 ? { lease: 3600 } : {}),
        };
      };
      for (let round = 0; round < ROUNDS; round += 1) {
        const session = bench.session();
        let states: RuleState[] = await Promise.all(
          Array.from({ length: RULES }, (_, index) => session.create(some(index))),
        );
        await untouched();
        const next = bench.session();
        states = await Promise.all(
          states.map((state, index) => (random() < 0.7 ? next.update(state, some(index)) : state)),
        );
        await untouched();
        const reader = bench.session();
        expect(await Promise.all(states.map((state) => reader.read(state)))).toEqual(states);
        await Promise.all(states.map((state) => reader.delete(state)));
        expect(await bench.device.snapshot()).toEqual(before);
      }
    });
  });
}

/** Mulberry32: small, and the same everywhere. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
