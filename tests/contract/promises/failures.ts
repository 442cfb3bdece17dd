import { partialState } from '../../../provider/session/failures';
import { FakeClock } from '../fake-clock';
import { type Bench, failure, needs } from '../kit';

/** Bad days of a device: none loses a rule, doubles one, or leaves a caller waiting. */
export function failures(bench: Bench): void {
  needs(bench, ['lost-answer'], 'a lost answer is settled by looking: nothing is doubled', async () => {
    await bench.device.inject({ kind: 'lost-answer' });
    const session = bench.session();
    const { applies } = bench.device.counts();
    const state = await session.create(bench.rule('web', 8443));
    expect(bench.device.counts().applies).toBe(applies + 1);
    expect((await bench.tagged()).map(({ tag }) => tag)).toEqual(state.entries.map(({ tag }) => tag));

    await bench.device.inject({ kind: 'lost-answer' });
    const next = await session.update(state, bench.rule('web', 8444));
    expect(await bench.session().read(next)).toEqual(next);
    await bench.device.inject({ kind: 'lost-answer' });
    await session.delete(next);
    expect(await bench.device.snapshot()).toEqual([]);
  });

  needs(
    bench,
    ['lost-request'],
    'a lost request is not repeated blindly; the failure carries the state',
    async () => {
      await bench.device.inject({ kind: 'lost-request' });
      const inputs = bench.rule('web', 8443);
      const error = await failure(bench.session().create(inputs));
      expect(error).toMatchObject({ code: 'timeout', retryable: true });
      expect(bench.device.counts().applies).toBe(1);
      // It may still arrive: the engine must know of it. The next run settles it.
      const recorded = partialState(error);
      expect(recorded?.inputs).toEqual(inputs);
      if (!recorded) throw new Error('no state');
      const state = await bench.session().update(recorded, inputs);
      expect(await bench.session().read(state)).toEqual(state);
      await bench.session().delete(recorded);
      expect(await bench.device.snapshot()).toEqual([]);
    },
  );

  needs(bench, ['unchanged'], 'success that changed nothing is an error', async () => {
    const session = bench.session();
    const state = await session.create(bench.rule('old', 8001));
    const lift = await bench.device.inject({ kind: 'unchanged' });
    const error = await failure(session.create(bench.rule('web', 8443)));
    expect(error.code).toBe('unchanged');
    expect(error.message).toContain('"web"');
    expect((await failure(session.update(state, bench.rule('old', 8002)))).code).toBe('unchanged');
    expect((await failure(session.delete(state))).code).toBe('unchanged');
    await lift();
    await session.delete(state);
    expect(await bench.device.snapshot()).toEqual([]);
  });

  needs(
    bench,
    ['ignore-sources'],
    'a rule whose sources were dropped fails, and is not left open',
    async () => {
      if (!bench.sources) return;
      await bench.device.inject({ kind: 'ignore-sources' });
      const inputs = bench.rule('admin', 8022, { sources: bench.sources[0] });
      const error = await failure(bench.session().create(inputs));
      expect(error.code).toBe('unchanged');
      expect(error.message).toContain('sources');
      expect(await bench.device.snapshot()).toEqual([]);
    },
  );

  needs(bench, ['credential'], 'a refused credential is tried once in a process', async () => {
    await bench.device.inject({ kind: 'credential' });
    const session = bench.session();
    const calls = [
      () => session.create(bench.rule('web', 8443)),
      () => session.create(bench.rule('www', 8444)),
      () => session.list(),
      () => session.info(),
    ];
    const results = await Promise.allSettled(calls.map((call) => call()));
    for (const call of calls) expect((await failure(call())).code).toBe('credential');
    for (const result of results)
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'credential' } });
    expect(bench.device.counts().logins).toBe(1);
  });

  needs(bench, ['expired-login'], 'an expired login is renewed without anybody noticing', async () => {
    const session = bench.session();
    const state = await session.create(bench.rule('web', 8443));
    await bench.device.inject({ kind: 'expired-login' });
    const next = await session.update(state, bench.rule('web', 8444));
    await bench.device.inject({ kind: 'expired-login' });
    expect(await session.read(next)).toEqual(next);
  });

  needs(
    bench,
    ['hang'],
    'a device that does not answer in time fails the call, and the next call works',
    async () => {
      const lift = await bench.device.inject({ kind: 'hang' });
      const session = bench.session({ timeout: 60 });
      expect((await failure(session.create(bench.rule('web', 8443)))).code).toBe('timeout');
      expect((await failure(session.list())).code).toBe('timeout');
      await lift();
      const state = await bench.session().create(bench.rule('web', 8443));
      expect(await bench.session().read(state)).toEqual(state);
    },
  );

  needs(bench, ['hang'], 'a caller may give up at any time, and the others go on', async () => {
    const session = bench.session();
    await session.info();
    const lift = await bench.device.inject({ kind: 'hang' });
    const stop = new AbortController();
    const given = failure(session.create(bench.rule('gone', 8001), stop.signal));
    const reading = failure(session.list(stop.signal));
    const kept = session.create(bench.rule('web', 8443));
    stop.abort();
    expect((await given).code).toBe('cancelled');
    expect((await reading).code).toBe('cancelled');
    await lift();
    const state = await kept;
    expect((await bench.tagged()).map(({ tag }) => tag)).toEqual(state.entries.map(({ tag }) => tag));
    const late = new AbortController();
    late.abort();
    expect((await failure(session.create(bench.rule('late', 8002), late.signal))).code).toBe('cancelled');
  });

  needs(bench, ['hang'], 'stopping cancels what was not begun, and finishes what was sent', async () => {
    const session = bench.session();
    await session.info();
    const { applies } = bench.device.counts();
    const sent = session.create(bench.rule('web', 8443));
    while (bench.device.counts().applies === applies) await new Promise(setImmediate);
    const waiting = failure(session.create(bench.rule('www', 8444)));
    session.stop();
    expect((await waiting).message).toContain('before anything was sent');
    expect((await failure(session.create(bench.rule('late', 8445)))).code).toBe('cancelled');
    const state = await sent;
    expect(await session.read(state)).toEqual(state);
    expect(await bench.tagged()).toHaveLength(state.entries.length);
  });

  needs(
    bench,
    ['unreachable'],
    'a gateway that is not there fails every call, and works again when it is back',
    async () => {
      const session = bench.session();
      const state = await session.create(bench.rule('web', 8443));
      const lift = await bench.device.inject({ kind: 'unreachable' });
      const results = await Promise.allSettled([
        session.update(state, bench.rule('web', 8444)),
        session.create(bench.rule('www', 8445)),
        session.delete(state),
        session.list(),
      ]);
      for (const result of results)
        expect(result).toMatchObject({ status: 'rejected', reason: { code: 'unreachable' } });
      for (const result of results)
        expect(result.status === 'rejected' && partialState(result.reason)).toBeNull();
      await lift();
      const next = await session.update(state, bench.rule('web', 8444));
      expect(await session.read(next)).toEqual(next);
    },
  );

  needs(bench, ['unreachable'], 'unreachable: keep shows what was recorded, with one warning', async () => {
    const state = await bench.session().create(bench.rule('web', 8443));
    const lift = await bench.device.inject({ kind: 'unreachable' });
    expect((await failure(bench.session().read(state))).code).toBe('unreachable');
    const keeping = bench.session({ unreachable: 'keep' });
    expect(await Promise.all([keeping.read(state), keeping.read(state)])).toEqual([state, state]);
    expect(bench.warnings).toHaveLength(1);
    expect((await failure(keeping.update(state, bench.rule('web', 8444)))).code).toBe('unreachable');
    await lift();
  });

  needs(bench, ['hang'], 'a silent gateway is waited for once, not once per rule', async () => {
    const state = await bench.session().create(bench.rule('web', 8443));
    const clock = new FakeClock();
    const session = bench.session({ clock, unreachable: 'keep', timeout: 30_000 });
    const { patience = 0 } = await session.info();
    const lift = await bench.device.inject({ kind: 'hang' });
    const first = session.read(state);
    while (clock.waiting === 0) await new Promise(setImmediate);
    clock.advance(Math.max(30_000, patience));
    expect(await first).toEqual(state);
    const { lists } = bench.device.counts();
    for (let index = 0; index < 100; index += 1) {
      clock.advance(100);
      expect(await session.read(state)).toEqual(state);
    }
    expect(bench.device.counts().lists).toBe(lists);
    await lift();
  });

  needs(
    bench,
    ['blocked'],
    'a blocked rule fails with the remedy, stays, and passes once it is let through',
    async () => {
      const hint = 'Add: meta mark and 0x10000000 == 0x10000000 accept';
      const lift = await bench.device.inject({ kind: 'blocked', port: 8443, hint });
      const inputs = bench.rule('web', 8443);
      const error = await failure(bench.session().create(inputs));
      expect(error).toMatchObject({ code: 'blocked', hint });
      const recorded = partialState(error);
      expect(recorded?.inputs).toEqual(inputs);
      expect((await bench.tagged()).map(({ tag }) => tag)).toEqual(recorded?.entries.map(({ tag }) => tag));
      if (!recorded) throw new Error('no state');

      expect(await bench.session().read(recorded)).toEqual(recorded);
      expect((await failure(bench.session().update(recorded, inputs))).code).toBe('blocked');
      await lift();
      const state = await bench.session().update(recorded, inputs);
      expect(state.entries).toEqual(recorded.entries);
      const other = await bench.session().create(bench.rule('api', 8444));
      expect(await bench.session().read(other)).toEqual(other);
    },
  );
}
