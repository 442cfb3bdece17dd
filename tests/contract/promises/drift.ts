import type { Forward, RuleInputs } from '../../../provider/rule/rule';
import { type Bench, needs } from '../kit';

/** What somebody changes behind our back is seen property by property, and the next update mends it. */
export function drift(bench: Bench): void {
  for (const { property, change } of tampers(bench)) {
    needs(bench, ['tamper'], `${property}: a change by hand is seen and mended`, async () => {
      const inputs = bench.rule('web', 8443, {
        sources: sourcesFor(bench),
        description: bench.can('description') ? 'Photos' : '',
      });
      const state = await bench.session().create(clean(inputs));
      await bench.device.tamper(state.entries[0]?.handle ?? '', change);

      const live = await bench.session().read(state);
      expect(live).not.toBeNull();
      const differing = keys(state.inputs, live?.inputs ?? ({} as RuleInputs));
      expect(differing).toContain(property);
      // Where the inside port follows the outside one, both are told.
      expect(differing.filter((one) => one !== property && one !== 'internalPort')).toEqual([]);

      const mended = await bench.session().update(state, clean(inputs));
      expect(mended.inputs).toEqual(clean(inputs));
      expect(await bench.session().read(mended)).toEqual(mended);
      expect(await bench.tagged()).toHaveLength(mended.entries.length);
    });
  }

  needs(
    bench,
    ['tamper', 'vanish'],
    'a rule that lost one of its entries is drift, and is completed',
    async () => {
      const inputs = bench.rule('dns', 8053, { protocol: 'tcp+udp' });
      const state = await bench.session().create(inputs);
      if (state.entries.length < 2) return;
      await bench.device.vanish(state.entries[1]?.handle ?? '');

      const live = await bench.session().read(state);
      expect(live?.inputs).toEqual({ ...inputs, protocol: 'tcp' });
      const mended = await bench.session().update(state, inputs);
      expect(mended.entries.map(({ tag }) => tag)).toEqual(state.entries.map(({ tag }) => tag));
      expect(await bench.session().read(mended)).toEqual(mended);
    },
  );

  needs(
    bench,
    ['tamper', 'restriction'],
    'a restriction that no rule can express is drift on an entry of ours',
    async () => {
      const inputs = bench.rule('web', 8443);
      const state = await bench.session().create(inputs);
      await bench.device.tamper(state.entries[0]?.handle ?? '', { restriction: 'only Mon-Fri' });

      const live = await bench.session().read(state);
      expect(live?.inputs).not.toEqual(inputs);
      expect(JSON.stringify(live?.inputs)).toContain('only Mon-Fri');
      const mended = await bench.session().update(state, inputs);
      expect(await bench.session().read(mended)).toEqual(mended);
      expect((await bench.session().list()).map(({ restriction }) => restriction)).toEqual([null]);
    },
  );

  needs(bench, ['tamper'], 'an entry changed by hand is still ours to delete', async () => {
    const state = await bench.session().create(bench.rule('web', 8443));
    for (const { handle } of state.entries) {
      await bench.device.tamper(handle, {
        target: { kind: 'host', family: 4, address: bench.harness.network.hosts[1] },
      });
    }
    await bench.session().delete(state);
    expect(await bench.device.snapshot()).toEqual([]);
  });
}

function sourcesFor(bench: Bench): readonly string[] {
  return bench.sources?.[0] ?? [];
}

/** Leaves out what was not set. */
function clean(inputs: RuleInputs): RuleInputs {
  const { sources, description, ...rest } = inputs;
  return { ...rest, ...(sources?.length ? { sources } : {}), ...(description ? { description } : {}) };
}

function keys(a: RuleInputs, b: RuleInputs): string[] {
  const [left, right] = [{ ...a } as Record<string, unknown>, { ...b } as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].filter(
    (key) => JSON.stringify(left[key]) !== JSON.stringify(right[key]),
  );
}

function tampers(bench: Bench): { readonly property: keyof RuleInputs; readonly change: Partial<Forward> }[] {
  const ports = (from: number, target: number): Partial<Forward> => ({
    traffic: [{ protocol: 'tcp', ports: [{ from, to: from, target }] }],
  });
  const all: { property: keyof RuleInputs; change: Partial<Forward> }[] = [
    { property: 'externalPort', change: ports(9443, 9443) },
    { property: 'internalPort', change: ports(8443, 8444) },
    {
      property: 'protocol',
      change: { traffic: [{ protocol: 'udp', ports: [{ from: 8443, to: 8443, target: 8443 }] }] },
    },
    {
      property: 'internalAddress',
      change: { target: { kind: 'host', family: 4, address: bench.harness.network.hosts[1] } },
    },
  ];
  if (bench.sources) {
    const [, others] = bench.sources;
    all.push({ property: 'sources', change: { sources: bench.forward(1, { sources: others }).sources } });
    all.push({ property: 'sources', change: { sources: null } });
  }
  if (bench.can('enabled')) all.push({ property: 'enabled', change: { enabled: false } });
  if (bench.can('wan') && bench.harness.network.wan !== null) {
    all.push({ property: 'wan', change: { wan: bench.harness.network.wan } });
  }
  if (bench.can('log')) all.push({ property: 'log', change: { log: true } });
  if (bench.can('description')) all.push({ property: 'description', change: { description: 'mine now' } });
  return all;
}
