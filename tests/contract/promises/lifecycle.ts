import { tagOf } from '../../../provider/rule/identity';
import { type Bench, needs, OWNER } from '../kit';

/** Create, read, update, delete, as an engine calls them. */
export function lifecycle(bench: Bench): void {
  test('create puts the rule on the gateway and answers its state', async () => {
    const inputs = bench.rule('web', 8443, { protocol: 'tcp' });
    const state = await bench.session().create(inputs);

    expect(state).toMatchObject({ owner: OWNER, gatewayName: 'router', endpoint: bench.device.endpoint });
    expect(state.inputs).toEqual(inputs);
    const raw = await bench.tagged();
    expect(raw.map(({ handle, tag }) => ({ handle, tag }))).toEqual(
      state.entries.map(({ handle, tag }) => ({ handle, tag })),
    );
    expect(raw[0]?.tag).toMatch(new RegExp(`^pf1_${tagOf(`${OWNER}/web`)}_[0-9a-f]{8}_0$`));
  });

  test('a read after the write shows what was written, in the user’s own spelling', async () => {
    const inputs = bench.rule('web', '8443', { internalPort: '0443'.replace(/^0/, '') });
    const session = bench.session();
    const state = await session.create(inputs);

    expect(await session.read(state)).toEqual(state);
    expect(await bench.session().read(state)).toEqual(state);
  });

  test('an update that changes nothing writes nothing', async () => {
    const inputs = bench.rule('web', 8443);
    const state = await bench.session().create(inputs);
    const raw = await bench.device.snapshot();
    const { applies } = bench.device.counts();

    expect((await bench.session().update(state, inputs)).entries).toEqual(state.entries);
    expect(await bench.device.snapshot()).toEqual(raw);
    if (bench.capabilities.lease === null) expect(bench.device.counts().applies).toBe(applies);
  });

  needs(bench, ['log'], 'an update puts the new entries before it removes the old', async () => {
    const state = await bench.session().create(bench.rule('web', '8443-8445'));
    const done = bench.device.log().length;
    const next = await bench.session().update(state, bench.rule('web', '8444-8446'));

    const later = bench.device.log().slice(done);
    const wanted = new Set(next.entries.map(({ tag }) => tag));
    const lastNew = later.findLastIndex(({ op, tag }) => op !== 'remove' && wanted.has(tag ?? ''));
    const firstOld = later.findIndex(({ op }) => op === 'remove');
    expect(lastNew).toBeGreaterThanOrEqual(0);
    expect(firstOld).toBeGreaterThanOrEqual(0);
    const together = later[lastNew]?.transaction === later[firstOld]?.transaction;
    expect(together || lastNew < firstOld).toBe(true);
    expect((await bench.tagged()).map(({ tag }) => tag).sort()).toEqual([...wanted].sort());
  });

  needs(bench, ['log'], 'a changed target never leaves the port with neither entry', async () => {
    const state = await bench.session().create(bench.rule('web', 8443));
    const done = bench.device.log().length;
    const inputs = bench.rule('web', 8443, { internalAddress: bench.harness.network.hosts[1] });
    await bench.session().update(state, inputs);

    const later = bench.device.log().slice(done);
    expect(later[0]?.op).not.toBe('remove');
    expect(await bench.tagged()).toHaveLength(state.entries.length);
  });

  test('delete removes the rule and nothing else', async () => {
    const session = bench.session();
    const [web, mail] = await Promise.all([
      session.create(bench.rule('web', 8443)),
      session.create(bench.rule('mail', 8025)),
    ]);
    await bench.session().delete(web);

    expect((await bench.tagged()).map(({ tag }) => tag)).toEqual(mail.entries.map(({ tag }) => tag));
    expect(await bench.session().read(web)).toBeNull();
    expect(await bench.session().read(mail)).toEqual(mail);
  });

  needs(
    bench,
    ['vanish'],
    'what vanished reads as gone, is deleted without complaint, and comes back',
    async () => {
      const inputs = bench.rule('web', 8443);
      const state = await bench.session().create(inputs);
      for (const { handle } of state.entries) await bench.device.vanish(handle);

      expect(await bench.session().read(state)).toBeNull();
      await bench.session().delete(state);
      const back = await bench.session().update(state, inputs);
      expect(back.entries.map(({ tag }) => tag)).toEqual(state.entries.map(({ tag }) => tag));
      expect(await bench.session().read(back)).toEqual(back);
    },
  );

  needs(bench, ['restart'], 'the rule outlives a restart of the device', async () => {
    const session = bench.session();
    const state = await session.create(bench.rule('web', 8443));
    await bench.device.restart();
    // What expires may be lost at a restart; then it is seen, and put back.
    const live = await session.read(state);
    if (bench.capabilities.lease === null) expect(live).toEqual(state);
    const next = await session.update(state, bench.rule('web', 8444));
    expect(await bench.tagged()).toHaveLength(next.entries.length);
  });

  test('a disabled rule forwards nothing, and that is not drift', async () => {
    const inputs = bench.rule('web', 8443, { enabled: false });
    const state = await bench.session().create(inputs);
    const entries = await bench.session().list();

    expect(entries.filter(({ forward }) => forward.enabled)).toEqual([]);
    expect(state.entries).toHaveLength(bench.can('enabled') ? entries.length : 0);
    expect(await bench.session().read(state)).toEqual(state);

    const on = await bench.session().update(state, { ...inputs, enabled: true });
    expect(on.entries).not.toHaveLength(0);
    expect((await bench.session().list()).every(({ forward }) => forward.enabled)).toBe(true);
    const off = await bench.session().update(on, inputs);
    expect((await bench.session().list()).filter(({ forward }) => forward.enabled)).toEqual([]);
    expect(await bench.session().read(off)).toEqual(off);
    await bench.session().delete(off);
    expect(await bench.device.snapshot()).toEqual([]);
  });

  test('disabled rules conflict with nothing', async () => {
    const session = bench.session();
    await session.create(bench.rule('web', 8443, { enabled: false }));
    const state = await session.create(bench.rule('www', 8443));
    expect(await bench.session().read(state)).toEqual(state);
  });

  if (bench.harness.capabilities.lease) {
    test('what expires says by when it must be renewed, and an update renews it', async () => {
      const inputs = bench.rule('web', 8443, { lease: 3600 });
      const before = Date.now();
      const state = await bench.session().create(inputs);
      const due = Date.parse(state.renewalDue ?? '');
      expect(due).toBeGreaterThan(before + 1_700_000);
      expect(due).toBeLessThan(Date.now() + 1_900_000);
      expect(state.entries.every(({ permanent }) => !permanent)).toBe(true);
      // A volatile fact would be drift at every refresh.
      expect(await bench.session().read(state)).toEqual(state);

      const { applies } = bench.device.counts();
      const renewed = await bench.session().update(state, inputs);
      expect(bench.device.counts().applies).toBe(applies + 1);
      expect(renewed.entries.map(({ tag }) => tag)).toEqual(state.entries.map(({ tag }) => tag));
      expect(Date.parse(renewed.renewalDue ?? '')).toBeGreaterThanOrEqual(due);
    });
  } else {
    test('where nothing expires there is no date of renewal', async () => {
      const state = await bench.session().create(bench.rule('web', 8443));
      expect(state).not.toHaveProperty('renewalDue');
      expect(state.entries.every(({ permanent }) => permanent)).toBe(true);
    });
  }
}
