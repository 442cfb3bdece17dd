import { expand } from '../../../provider/rule/expand';
import { fold } from '../../../provider/rule/fold';
import { normalise } from '../../../provider/rule/normalise';
import type { RuleInputs } from '../../../provider/rule/rule';
import { type Bench, failure } from '../kit';

/** Each property set, changed and unset: the device follows, and a read finds no drift. */
export function properties(bench: Bench): void {
  for (const { property, steps } of changesOf(bench)) {
    test(`${property}: set, changed, unset`, async () => {
      const session = bench.session();
      let state = await session.create(bench.rule('web', 8443, steps[0]));
      await mustMatch(bench, state.inputs);
      for (const step of [...steps.slice(1), {}]) {
        const inputs = bench.rule('web', 8443, step);
        state = await session.update(state, inputs);
        expect(state.inputs).toEqual(inputs);
        await mustMatch(bench, inputs);
        expect(await bench.session().read(state)).toEqual(state);
        expect(await bench.tagged()).toHaveLength(state.entries.length);
      }
    });
  }

  for (const { property, value } of refusedBy(bench)) {
    test(`${property}: refused where the gateway cannot, before anything changes`, async () => {
      const inputs = bench.rule('web', 8443, value);
      const error = await failure(bench.session().create(inputs));
      expect(error).toMatchObject({ code: 'unsupported', property });
      expect(error.message).toContain('router');
      expect(await bench.session().check({ ...inputs }, null)).toMatchObject([{ property }]);
      expect(await bench.device.snapshot()).toEqual([]);
    });
  }

  test('a rule that needs many entries is cut and put together again', async () => {
    const inputs = bench.rule('games', '7000,7010-7012', {
      protocol: 'tcp+udp',
      ...(bench.sources ? { sources: bench.manySources ? bench.sources.flat() : bench.sources[0] } : {}),
    });
    const state = await bench.session().create(inputs);
    expect(state.entries).toHaveLength(expand(normalise(inputs).forward, bench.capabilities).length);
    expect(new Set(state.entries.map(({ tag }) => tag)).size).toBe(state.entries.length);
    await mustMatch(bench, inputs);
    expect(await bench.session().read(state)).toEqual(state);
    await bench.session().delete(state);
    expect(await bench.device.snapshot()).toEqual([]);
  });

  if (bench.harness.network.host6 !== null) {
    test('an IPv6 target is a pinhole, and two hosts may have the same port', async () => {
      const session = bench.session();
      const host6 = bench.harness.network.host6 as string;
      const first = await session.create(bench.rule('six', 8443, { internalAddress: host6 }));
      const second = await session.create(bench.rule('four', 8443));
      expect(await bench.session().read(first)).toEqual(first);
      expect(await bench.session().read(second)).toEqual(second);
    });
  }

  test('a hairpin that goes back to the gateway’s own habit is written, though no look could tell', async () => {
    if (!bench.can('hairpin')) return;
    const session = bench.session();
    const state = await session.create(bench.rule('web', 8443, { hairpin: true }));
    const { applies } = bench.device.counts();
    await session.update(state, bench.rule('web', 8443));
    expect(bench.device.counts().applies).toBe(applies + 1);
  });
}

/** What is on the device means exactly what the rule says. */
async function mustMatch(bench: Bench, inputs: RuleInputs): Promise<void> {
  const entries = (await bench.session().list()).filter(({ tag }) => tag !== null);
  const { forward } = normalise(inputs);
  if (!forward.enabled && !bench.can('enabled')) return expect(entries).toEqual([]);
  const live = fold(entries.map((entry) => entry.forward));
  expect({ ...live, hairpin: forward.hairpin === null ? null : live.hairpin }).toEqual(forward);
}

interface PropertySteps {
  readonly property: keyof RuleInputs;
  readonly steps: readonly Partial<RuleInputs>[];
}

function changesOf(bench: Bench): PropertySteps[] {
  const { hosts, wan } = bench.harness.network;
  const { gatewayTarget } = bench.harness.capabilities;
  const all: PropertySteps[] = [
    { property: 'externalPort', steps: [{ externalPort: 9443 }, { externalPort: '9443,9445-9446' }] },
    { property: 'internalPort', steps: [{ internalPort: 443 }, { internalPort: 444 }] },
    { property: 'protocol', steps: [{ protocol: 'udp' }, { protocol: 'tcp+udp' }] },
    {
      property: 'internalAddress',
      steps: [{ internalAddress: hosts[1] }, ...(gatewayTarget ? [{ internalAddress: 'gateway' }] : [])],
    },
    { property: 'enabled', steps: [{ enabled: false }, { enabled: true }] },
  ];
  if (bench.sources) {
    const [some, others] = bench.sources;
    all.push({
      property: 'sources',
      steps: [
        { sources: some },
        ...(bench.manySources ? [{ sources: [...some, ...others] }] : []),
        { sources: others },
      ],
    });
  }
  if (bench.can('wan') && wan !== null) all.push({ property: 'wan', steps: [{ wan }] });
  if (bench.can('hairpin')) all.push({ property: 'hairpin', steps: [{ hairpin: true }, { hairpin: false }] });
  if (bench.can('log')) all.push({ property: 'log', steps: [{ log: true }, { log: false }] });
  if (bench.can('description')) {
    all.push({
      property: 'description',
      steps: [{ description: 'Photos' }, { description: 'Family photos' }],
    });
  }
  return all;
}

function refusedBy(
  bench: Bench,
): { readonly property: keyof RuleInputs; readonly value: Partial<RuleInputs> }[] {
  const { entry, gatewayTarget, families, lease } = bench.harness.capabilities;
  const all: { property: keyof RuleInputs; value: Partial<RuleInputs> }[] = [];
  if (entry.sources === 0) all.push({ property: 'sources', value: { sources: ['198.51.100.0/24'] } });
  else if (!bench.manySources) {
    all.push({ property: 'sources', value: { sources: ['198.51.100.7', '203.0.113.9'] } });
  }
  if (entry.sourceHosts) all.push({ property: 'sources', value: { sources: ['198.51.100.0/24'] } });
  if (!gatewayTarget) all.push({ property: 'internalAddress', value: { internalAddress: 'gateway' } });
  if (!families.includes(6))
    all.push({ property: 'internalAddress', value: { internalAddress: '2001:db8:1::10' } });
  if (lease === null) all.push({ property: 'lease', value: { lease: 3600 } });
  if (!bench.can('hairpin')) all.push({ property: 'hairpin', value: { hairpin: true } });
  if (!bench.can('log')) all.push({ property: 'log', value: { log: true } });
  if (!bench.can('wan')) all.push({ property: 'wan', value: { wan: 'wan2' } });
  return all;
}
