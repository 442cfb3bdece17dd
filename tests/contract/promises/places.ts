import { type Bench, failure, needs } from '../kit';

/** The recorded place is not the one that is configured, or another device answers there. */
export function places(bench: Bench): void {
  test('a read on another endpoint answers what was recorded, without asking', async () => {
    const state = await bench.session().create(bench.rule('web', 8443));
    const moved = { ...state, endpoint: 'memory:elsewhere' };
    const { lists } = bench.device.counts();
    expect(await bench.session().read(moved)).toBe(moved);
    expect(bench.device.counts().lists).toBe(lists);
  });

  test('an update on another endpoint makes sure of the rule there, and warns of what stays', async () => {
    const recorded = {
      ...(await bench.session().create(bench.rule('web', 8443))),
      endpoint: 'memory:elsewhere',
      device: 'another-device',
    };
    const state = await bench.session().update(recorded, recorded.inputs);
    expect(state.endpoint).toBe(bench.device.endpoint);
    expect(await bench.session().read(state)).toEqual(state);
    expect(bench.warnings.join()).toContain('memory:elsewhere');
    expect(await bench.tagged()).toHaveLength(state.entries.length);
  });

  test('the same device under another endpoint needs no warning', async () => {
    const state = await bench.session().create(bench.rule('web', 8443));
    if (state.device === null) return;
    await bench.session().update({ ...state, endpoint: 'memory:elsewhere' }, state.inputs);
    await bench.session().delete({ ...state, endpoint: 'memory:elsewhere' });
    expect(bench.warnings).toEqual([]);
    expect(await bench.device.snapshot()).toEqual([]);
  });

  needs(
    bench,
    ['replace'],
    'another device at the recorded endpoint: nothing is read, updated or deleted',
    async () => {
      const state = await bench.session().create(bench.rule('web', 8443));
      if (state.device === null) return;
      await bench.device.replace();
      const session = bench.session();
      for (const call of [
        () => session.read(state),
        () => session.update(state, state.inputs),
        () => session.delete(state),
      ]) {
        const error = await failure(call());
        expect(error.code).toBe('device');
        expect(error.hint).toContain('endpoint');
      }
      expect(await bench.device.snapshot()).toEqual([]);
      // A changed endpoint is the user's word that this is the gateway now.
      const moved = await bench.session({ endpoint: 'memory:new' }).update(state, state.inputs);
      expect(moved.device).not.toBe(state.device);
      expect(await bench.tagged()).toHaveLength(moved.entries.length);
    },
  );
}
