import { FakeClock } from '../fake-clock';
import { type Bench, failure, needs } from '../kit';

/** Many calls, few requests; one bad rule fails alone. */
export function batches(bench: Bench): void {
  test('100 parallel writes are few batches, and one login', async () => {
    const session = bench.session();
    const ports = Array.from({ length: 100 }, (_, index) => 8000 + index);
    const states = await Promise.all(ports.map((port) => session.create(bench.rule(`r${port}`, port))));
    const created = bench.device.counts();
    expect(created.applies).toBeLessThanOrEqual(4);
    expect(created.logins).toBe(1);
    expect(await bench.tagged()).toHaveLength(100);

    await Promise.all(
      states.map((state, index) => session.update(state, bench.rule(`r${8000 + index}`, 9000 + index))),
    );
    await Promise.all(states.map((state) => session.delete(state)));
    expect(await bench.device.snapshot()).toEqual([]);
    expect(bench.device.counts().applies - created.applies).toBeLessThanOrEqual(12);
    expect(bench.device.counts().logins).toBe(1);
  });

  test('500 reads spread over seconds are at most two looks', async () => {
    const writer = bench.session();
    const states = await Promise.all(
      Array.from({ length: 20 }, (_, index) => writer.create(bench.rule(`r${index}`, 8000 + index))),
    );
    const clock = new FakeClock();
    const session = bench.session({ clock });
    const before = bench.device.counts().lists;
    for (let index = 0; index < 500; index += 8) {
      clock.advance(112);
      const some = Array.from({ length: 8 }, (_, offset) => states[(index + offset) % states.length]);
      for (const [at, live] of (
        await Promise.all(some.map((state) => state && session.read(state)))
      ).entries()) {
        expect(live).toEqual(some[at]);
      }
    }
    expect(bench.device.counts().lists - before).toBeLessThanOrEqual(2);
    clock.advance(5_001);
    await session.list();
    expect(bench.device.counts().lists - before).toBeLessThanOrEqual(3);
  });

  test('a look serves no longer than a minute, and never past our own write', async () => {
    const clock = new FakeClock();
    const session = bench.session({ clock });
    const before = bench.device.counts().lists;
    for (let second = 0; second <= 62; second += 2) {
      await session.list();
      clock.advance(2_000);
    }
    expect(bench.device.counts().lists - before).toBe(2);

    const writing = bench.session();
    await writing.list();
    const state = await writing.create(bench.rule('web', 8443));
    expect((await writing.list()).map(({ tag }) => tag)).toEqual(state.entries.map(({ tag }) => tag));
  });

  needs(bench, ['refuse'], 'a batch with one bad rule: the bad one is named, the rest applied', async () => {
    await bench.device.inject({ kind: 'refuse', port: 8003, message: 'port 8003 is reserved' });
    const session = bench.session();
    const ports = [8001, 8002, 8003, 8004];
    const results = await Promise.allSettled(
      ports.map((port) => session.create(bench.rule(`r${port}`, port))),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    const bad = results[2];
    expect(bad?.status === 'rejected' && bad.reason).toMatchObject({ code: 'refused' });
    expect(bad?.status === 'rejected' && bad.reason.message).toMatch(/"r8003".*port 8003 is reserved/s);
    expect(await bench.tagged()).toHaveLength(3);
  });

  needs(bench, ['refuse'], 'a rule of which one entry is refused is not half there', async () => {
    await bench.device.inject({ kind: 'refuse', port: 8003, message: 'port 8003 is reserved' });
    const session = bench.session();
    const error = await failure(session.create(bench.rule('web', '8001-8003')));
    expect(error.code).toBe('refused');
    expect(await bench.device.snapshot()).toEqual([]);

    const state = await session.create(bench.rule('api', '8001-8002'));
    expect((await failure(session.update(state, bench.rule('api', '8002-8003')))).code).toBe('refused');
    expect(await bench.session().read(state)).toEqual(state);
    expect(await bench.tagged()).toHaveLength(state.entries.length);
  });

  test('a rule that needs no gateway to be wrong fails at once', async () => {
    const error = await failure(bench.session().create(bench.rule('web', '80abc')));
    expect(error).toMatchObject({ code: 'invalid', property: 'externalPort' });
    expect(bench.device.counts().logins).toBe(0);
  });

  test('two writes for one rule are done in their order', async () => {
    const session = bench.session();
    const state = await session.create(bench.rule('web', 8443));
    const [, last] = await Promise.all([
      session.update(state, bench.rule('web', 8444)),
      session.update(state, bench.rule('web', 8445)),
    ]);
    expect(await bench.session().read(last)).toEqual(last);
    expect(await bench.tagged()).toHaveLength(last.entries.length);
  });
}
