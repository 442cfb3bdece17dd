import { parseTag, tagOf } from '../../../provider/rule/identity';
import type { RuleInputs } from '../../../provider/rule/rule';
import { type Bench, failure, needs, OWNER } from '../kit';

/** Taking over a foreign entry on the user's explicit word. */
export function adopting(bench: Bench): void {
  const adopts = async (word: string, more: Partial<RuleInputs> = {}): Promise<void> => {
    const inputs = bench.rule('web', 8443, { adopt: word, ...more });
    const [before] = await bench.session().list();
    if (!before?.changeable) {
      const error = await failure(bench.session().create(inputs));
      expect(error).toMatchObject({ code: 'foreign', property: 'adopt' });
      return;
    }
    const state = await bench.session().create(inputs);
    const raw = await bench.device.snapshot();
    expect(raw).toHaveLength(1);
    expect(state.entries.map((entry) => entry.handle)).toEqual(raw.map((entry) => entry.handle));
    // It is the same one, changed: one edit where that is told (a handle may be a name, which changes with the tag).
    if (bench.harness.hooks.has('log')) expect(bench.device.log().map(({ op }) => op)).toEqual(['edit']);
    else expect(raw.map(({ handle }) => handle)).toEqual([before.handle]);
    expect(parseTag(raw[0]?.tag ?? '')?.rule).toBe(tagOf(`${OWNER}/web`));
    expect(await bench.session().read(state)).toEqual(state);
    // Its word is spent: later updates pass it over.
    const next = await bench.session().update(state, bench.rule('web', 8444, { adopt: word }));
    expect(await bench.tagged()).toHaveLength(next.entries.length);
    await bench.session().delete(next);
    expect(await bench.device.snapshot()).toEqual([]);
  };

  needs(bench, ['foreign'], 'by its natural key', async () => {
    await bench.device.addForeign(bench.forward(8443));
    await adopts('tcp:8443');
  });

  needs(bench, ['foreign'], 'by its handle', async () => {
    await adopts(await bench.device.addForeign(bench.forward(8443)));
  });

  needs(bench, ['foreign'], 'an entry that says something else becomes what the rule says', async () => {
    await bench.device.addForeign(bench.forward(8443, { internalAddress: bench.harness.network.hosts[1] }));
    await adopts('tcp:8443');
  });

  needs(
    bench,
    ['foreign', 'restriction'],
    'not an entry with a restriction: that would lift it',
    async () => {
      await bench.device.addForeign(bench.forward(8443), { restriction: 'only Mon-Fri' });
      const before = await bench.device.snapshot();
      const inputs = bench.rule('web', 8443, { adopt: 'tcp:8443' });
      const error = await failure(bench.session().create(inputs));
      expect(error).toMatchObject({ code: 'foreign', property: 'adopt' });
      expect(error.message).toContain('only Mon-Fri');
      expect(await bench.session().check({ ...inputs }, null)).toMatchObject([{ property: 'adopt' }]);
      expect(await bench.device.snapshot()).toEqual(before);
    },
  );

  needs(bench, ['foreign', 'unchangeable'], 'not an entry that the device lets nobody change', async () => {
    const handle = await bench.device.addForeign(bench.forward(8443), { changeable: false });
    const error = await failure(bench.session().create(bench.rule('web', 8443, { adopt: handle })));
    expect(error).toMatchObject({ code: 'foreign', property: 'adopt' });
  });

  needs(bench, ['foreign'], 'not several at once: the handles are named', async () => {
    if (!bench.capabilities.overlap) return;
    const handles = [
      await bench.device.addForeign(bench.forward(8443)),
      await bench.device.addForeign(bench.forward(8443)),
    ];
    const error = await failure(bench.session().create(bench.rule('web', 8443, { adopt: 'tcp:8443' })));
    expect(error).toMatchObject({ code: 'foreign', property: 'adopt' });
    for (const handle of handles) expect(error.message).toContain(`handle ${handle}`);
  });

  test('a word that names nothing changes nothing: the rule is created', async () => {
    const state = await bench.session().create(bench.rule('web', 8443, { adopt: 'tcp:8443' }));
    expect(await bench.session().read(state)).toEqual(state);
  });
}
