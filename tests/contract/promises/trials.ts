import { partialState } from '../../../provider/session/failures';
import { FakeClock } from '../fake-clock';
import { type Bench, failure, needs } from '../kit';

/** Devices that take back what is not confirmed: what could cut our way goes on trial, what only takes away never does. */
export function trials(bench: Bench): void {
  const log = () => bench.device.log().map(({ op, trial }) => ({ op, trial }));

  needs(
    bench,
    ['log', 'trial-end'],
    'a new entry is confirmed, and stays when the time is over',
    async () => {
      const state = await bench.session().create(bench.rule('web', 8443));
      expect(log()).toEqual(state.entries.map(() => ({ op: 'add', trial: true })));
      await bench.device.trialEnds();
      expect(await bench.session().read(state)).toEqual(state);
    },
  );

  needs(bench, ['log'], 'removals are final, and come when the new entries are confirmed', async () => {
    const session = bench.session();
    const state = await session.create(bench.rule('web', 8443));
    const other = await session.create(bench.rule('old', 8500));
    const before = log().length;
    await Promise.all([session.update(state, bench.rule('web', 8444)), session.delete(other)]);
    const done = bench.device.log().slice(before);
    expect(done.map(({ op, trial }) => `${op} ${trial ? 'on trial' : 'final'}`)).toEqual([
      'add on trial',
      'remove final',
      'remove final',
    ]);
    expect(done[0]?.transaction).not.toBe(done[1]?.transaction);
  });

  needs(bench, ['log'], 'a rule that is switched off or gets fewer sources is never taken back', async () => {
    if (!bench.can('enabled')) return;
    const session = bench.session();
    const state = await session.create(bench.rule('web', 8443));
    const before = log().length;
    await session.update(state, bench.rule('web', 8443, { enabled: false }));
    for (const { op, trial } of log().slice(before)) if (op !== 'add') expect(trial).toBe(false);
    const [entry] = await bench.tagged();
    expect(await bench.tagged()).toHaveLength(1);
    expect(entry?.text).toContain('"enabled":false');
  });

  needs(
    bench,
    ['cut-way', 'trial-end'],
    'a change that cuts our way is not confirmed, and the device takes it back',
    async () => {
      const kept = await bench.session().create(bench.rule('web', 8443));
      const lift = await bench.device.inject({ kind: 'cut-way', port: 8022 });
      const inputs = bench.rule('bad', 8022);
      const error = await failure(bench.session().create(inputs));
      expect(error.code).toBe('unreachable');
      expect(error.message).toMatch(/"bad".*takes it back by itself within \d+ s/s);
      // Until the time is over it is there: the engine must know of it.
      expect(partialState(error)?.inputs).toEqual(inputs);
      await bench.device.trialEnds();
      await lift();
      expect((await bench.tagged()).map(({ tag }) => tag)).toEqual(kept.entries.map(({ tag }) => tag));
      const recorded = partialState(error);
      expect(recorded && (await bench.session().read(recorded))).toBeNull();
    },
  );

  needs(bench, ['late-confirm'], 'a confirmation that comes too late fails the rule', async () => {
    await bench.device.inject({ kind: 'late-confirm' });
    const session = bench.session();
    const error = await failure(session.create(bench.rule('web', 8443)));
    expect(error.message).toMatch(/"web".*not confirmed in time/s);
    expect(await bench.device.snapshot()).toEqual([]);
    const state = await session.create(bench.rule('web', 8443));
    expect(await session.read(state)).toEqual(state);
  });

  needs(
    bench,
    ['unheard-confirm', 'trial-end'],
    'a confirmation that does not get through is repeated under the same login',
    async () => {
      await bench.device.inject({ kind: 'unheard-confirm' });
      const session = bench.session();
      const state = await session.create(bench.rule('web', 8443));
      expect(bench.device.counts().logins).toBe(1);
      await bench.device.trialEnds();
      expect(await bench.session().read(state)).toEqual(state);
    },
  );

  needs(bench, ['unchanged'], 'what came to nothing is taken back, not confirmed', async () => {
    await bench.device.inject({ kind: 'unchanged' });
    const session = bench.session();
    expect((await failure(session.create(bench.rule('web', 8443)))).code).toBe('unchanged');
    // Nothing is left on trial that would keep others waiting.
    expect(await bench.session().list()).toEqual([]);
  });

  needs(bench, ['lost-answer', 'trial-end'], 'a lost answer is confirmed too', async () => {
    await bench.device.inject({ kind: 'lost-answer' });
    const session = bench.session();
    const state = await session.create(bench.rule('web', 8443));
    await bench.device.trialEnds();
    expect(await bench.session().read(state)).toEqual(state);
  });

  needs(bench, ['cut-way', 'trial-end'], 'what another has on trial is not taken for the truth', async () => {
    await bench.device.inject({ kind: 'cut-way', port: 8022 });
    const clock = new FakeClock();
    const crashed = bench.session({ clock });
    const stop = new AbortController();
    const given = failure(crashed.create(bench.rule('bad', 8022), stop.signal));
    while ((await bench.tagged()).length === 0) {
      clock.advance(100);
      await new Promise(setImmediate);
    }
    stop.abort();
    const error = await given;
    expect(error.code).toBe('cancelled');
    const recorded = partialState(error);
    if (!recorded) throw new Error('no state');
    // The next run waits for the end of the trial, and then sees the truth.
    const reading = bench.session().read(recorded);
    await new Promise(setImmediate);
    await bench.device.trialEnds();
    expect(await reading).toBeNull();
  });
}
