import { join } from 'node:path';
import fc from 'fast-check';
import type { ChangeWire, EntryWire } from '../../../agent/api/wire';
import { Daemon } from '../../../agent/daemon/daemon';
import { type MemoryKernel, memoryKernel } from '../../../agent/kernel/memory';
import { Store } from '../../../agent/store/store';
import { equal } from '../../../provider/rule/equal';
import { hasCode } from '../../../provider/rule/error';
import { cleanUp, temporary, wanted } from '../support/practice';

jest.setTimeout(60_000);

afterEach(cleanUp);

const names = ['a', 'b', 'c', 'd'];

/** One thing that happens to a gateway: to it by us, or behind our back. */
type Step =
  | { readonly do: 'want'; readonly name: string; readonly port: number; readonly enabled: boolean }
  | { readonly do: 'drop'; readonly name: string }
  | { readonly do: 'flush' | 'restart' | 'crash' }
  | { readonly do: 'change' | 'remove'; readonly name: string };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('want' as const),
    name: fc.constantFrom(...names),
    port: fc.integer({ min: 1, max: 4 }),
    enabled: fc.boolean(),
  }),
  fc.record({ do: fc.constant('drop' as const), name: fc.constantFrom(...names) }),
  fc.record({ do: fc.constantFrom('flush' as const, 'restart' as const, 'crash' as const) }),
  fc.record({ do: fc.constantFrom('change' as const, 'remove' as const), name: fc.constantFrom(...names) }),
);

class World {
  readonly kernel: MemoryKernel = memoryKernel();
  private daemon: Daemon | null = null;
  readonly declared = new Map<string, ReturnType<typeof wanted>>();

  constructor(private readonly directory: string) {}

  async start(): Promise<void> {
    const { kernel } = this;
    const store = await Store.open(this.directory);
    this.daemon = new Daemon({
      ...{ kernel, kernelName: 'memory', store, version: '0', managementPorts: [], maxRules: 100 },
      ...{ log: () => undefined, compareEvery: 0 },
    });
    await this.daemon.start();
  }

  async stop(): Promise<void> {
    await this.daemon?.stop();
  }

  async entries(): Promise<readonly EntryWire[]> {
    return (await this.running.entries()).entries;
  }

  async take(next: Step): Promise<void> {
    if (next.do === 'want') return this.want(next);
    if (next.do === 'drop') return this.drop(next.name);
    if (next.do === 'restart') {
      await this.stop();
      return this.start();
    }
    if (next.do === 'crash') return this.crash();
    if (!('name' in next)) return this.kernel.tamper.flush();
    const tag = this.declared.get(next.name)?.tag;
    const live = (await this.kernel.read()).ours.some((entry) => entry.tag === tag);
    if (tag === undefined || !live) return;
    if (next.do === 'remove') this.kernel.tamper.remove(tag);
    else this.kernel.tamper.change(tag, { log: true });
  }

  /** What a session does: look, one batch, everything of this rule made right. */
  private async want({ name, port, enabled }: Extract<Step, { readonly do: 'want' }>): Promise<void> {
    const next = wanted({ name, externalPort: port, enabled });
    const { generation, entries } = await this.running.entries();
    const changes: ChangeWire[] = entries
      .filter(({ id, tag }) => id === next.id && tag !== next.tag)
      .map(({ handle }) => ({ op: 'remove', handle }));
    const { tag, id, forward } = next;
    const there = entries.some((entry) => entry.tag === tag);
    if (there) changes.push({ op: 'edit', handle: tag, wanted: { tag, id, forward } });
    else changes.push({ op: 'add', wanted: { tag, id, forward } });
    try {
      await this.running.batch(generation, { changes });
      this.declared.set(name, next);
    } catch (error) {
      if (!hasCode(error, 'conflict')) throw error;
    }
  }

  private async drop(name: string): Promise<void> {
    const { generation, entries } = await this.running.entries();
    const id = `lab/dev/${name}`;
    const changes = entries
      .filter((entry) => entry.id === id)
      .map(({ handle }) => ({ op: 'remove' as const, handle }));
    if (changes.length > 0) await this.running.batch(generation, { changes });
    this.declared.delete(name);
  }

  /** The kernel gets a batch, and the machine goes down before it is current. */
  private async crash(): Promise<void> {
    await this.stop();
    const store = await Store.open(this.directory);
    const loaded = await store.load();
    if (loaded.kind === 'damaged') throw new Error(loaded.reason);
    const { tag, id, forward } = wanted({ name: 'unconfirmed', externalPort: 9 });
    const { state } = loaded;
    const next = { ...state, number: state.number + 1, entries: [...state.entries, { tag, id, forward }] };
    await store.writePending(next, state);
    store.close();
    if ((await this.kernel.read()).intact) this.kernel.tamper.add({ tag, forward });
    await this.start();
  }

  private get running(): Daemon {
    if (this.daemon === null) throw new Error('the agent is not running');
    return this.daemon;
  }
}

test('whatever happens, declaring everything once more makes the kernel what is declared, and nothing else', async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      count += 1;
      const world = new World(join(temporary(), `state-${count}`));
      await world.start();
      try {
        for (const next of steps) await world.take(next);
        for (const [name, { forward }] of world.declared)
          await world.take({
            do: 'want',
            name,
            port: forward.traffic[0]?.ports[0]?.from ?? 0,
            enabled: forward.enabled,
          });
        const entries = await world.entries();
        expect(entries.map(({ id }) => id).sort()).toEqual(
          [...world.declared.values()].map(({ id }) => id).sort(),
        );
        for (const { tag, forward } of entries) {
          const declared = [...world.declared.values()].find((one) => one.tag === tag);
          expect(declared && equal(declared.forward, forward)).toBe(true);
        }
        const live = (await world.kernel.read()).ours.map(({ tag }) => tag).sort();
        const enabled = [...world.declared.values()].filter(({ forward }) => forward.enabled);
        expect(live).toEqual(enabled.map(({ tag }) => tag).sort());
      } finally {
        await world.stop();
      }
    }),
    { numRuns: 60 },
  );
});
