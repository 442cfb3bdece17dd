import * as kinds from '../../../lab/simulators/memory/kinds';
import { makeTag, tagOf } from '../../../provider/rule/identity';
import { systemClock } from '../../../provider/session/clock';
import { partialState } from '../../../provider/session/failures';
import { renewalIsDue } from '../../../provider/session/renewal';
import { failure, forward, lab, OWNER, rule } from './device';

describe('on a gateway without room for the readable id', () => {
  test('an entry of an unknown owner is a conflict, not handed over', async () => {
    const { session, ours } = lab({ kind: kinds.terse });
    await session().create(rule('web', 8443));
    const error = await failure(session().create(rule('www', 8443)));
    expect(error.code).toBe('foreign');
    expect(error.hint).toContain('adopt: "tcp:8443"');
    expect(ours()).toHaveLength(1);
    await session().create(rule('www', 8443, { adopt: 'tcp:8443' }));
    expect(ours().map(({ mark }) => mark)).toEqual([makeTag(`${OWNER}/www`, forward(8443), 0)]);
  });

  test('a swap works for rules that this run has met', async () => {
    const { session, ours } = lab({ kind: kinds.terse });
    const writer = session();
    const [a, b] = [await writer.create(rule('a', 8001)), await writer.create(rule('b', 8002))];
    const next = session();
    await next.check({ ...rule('a', 8002) }, a);
    await next.check({ ...rule('b', 8001) }, b);
    const swapped = [await next.update(a, rule('a', 8002)), await next.update(b, rule('b', 8001))];
    for (const state of swapped) expect(await session().read(state)).toEqual(state);
    expect(ours()).toHaveLength(2);
  });
});

describe('on a gateway whose key is the port', () => {
  test('a changed target and a port handed over are edits in place', async () => {
    const { gateway, session } = lab({ kind: kinds.keyed });
    const web = await session().create(rule('web', 8443));
    const next = await session().update(web, rule('web', 8443, { internalAddress: '192.168.1.20' }));
    await session().create(rule('www', 8443));
    expect(gateway.log.map(({ op }) => op)).toEqual(['add', 'edit', 'edit']);
    expect(await session().read(next)).toBeNull();
  });
});

describe('on a gateway that shows some entries only when asked', () => {
  test('each rule finds its own, and a vanished one is gone', async () => {
    const { gateway, session } = lab({ kind: kinds.rich });
    const writer = session();
    const states = await Promise.all(
      [1, 2, 3].map((index) => writer.create(rule(`r${index}`, 8000 + index))),
    );
    gateway.faults.hideUnasked = true;
    const reader = session();
    for (const state of states) expect(await reader.read(state)).toEqual(state);
    gateway.vanish(states[0]?.entries[0]?.handle ?? '');
    expect(await Promise.all(states.map((state) => session().read(state)))).toEqual([
      null,
      states[1],
      states[2],
    ]);
  });
});

describe('a batch', () => {
  test('of which the device cannot name the bad change is taken apart', async () => {
    const { gateway, session, ours } = lab({ kind: kinds.rich });
    gateway.faults.nameless = true;
    gateway.faults.refuse.set(8005, 'reserved');
    const writer = session();
    const results = await Promise.allSettled(
      [1, 2, 3, 4, 5, 6, 7].map((index) => writer.create(rule(`r${index}`, 8000 + index))),
    );
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([
      true,
      true,
      true,
      true,
      false,
      true,
      true,
    ]);
    expect(results[4]).toMatchObject({ reason: { code: 'refused' } });
    expect(ours()).toHaveLength(6);
  });

  test('with a hundred bad rules ends', async () => {
    const { gateway, session, ours } = lab({ kind: kinds.rich });
    for (let port = 8000; port < 8100; port += 1) gateway.faults.refuse.set(port, 'reserved');
    const writer = session();
    const results = await Promise.allSettled(
      Array.from({ length: 120 }, (_, index) => writer.create(rule(`r${index}`, 7980 + index))),
    );
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(100);
    expect(ours()).toHaveLength(20);
  });

  test('whose first look fails fails everybody, each with an error of its own', async () => {
    const { gateway, session } = lab();
    const writer = session();
    await writer.info();
    gateway.faults.unreachable = true;
    const results = await Promise.allSettled(
      [1, 2, 3].map((index) => writer.create(rule(`r${index}`, 8000 + index))),
    );
    const errors = results.map((result) => (result.status === 'rejected' ? result.reason : null));
    expect(errors.map((error) => error?.code)).toEqual(['unreachable', 'unreachable', 'unreachable']);
    expect(new Set(errors).size).toBe(3);
  });
});

describe('a change that was sent', () => {
  test('and is carried out late is found by the next run', async () => {
    const { gateway, session, ours } = lab({ kind: kinds.poor });
    gateway.faults.commitLate = 5;
    const error = await failure(session().create(rule('web', 8443)));
    expect(error.code).toBe('timeout');
    const recorded = partialState(error);
    if (!recorded) throw new Error('no state');
    for (let calls = 0; calls < 6; calls += 1) await session().list();
    expect(ours()).toHaveLength(1);
    const state = await session().update(recorded, recorded.inputs);
    expect(ours()).toHaveLength(1);
    await session().delete(state);
    expect(ours()).toHaveLength(0);
  });

  test('after which the device falls silent carries the state to record', async () => {
    const { gateway, session } = lab();
    const writer = session();
    await writer.info();
    const apply = gateway.apply.bind(gateway);
    gateway.apply = async (...args) => {
      const results = await apply(...args);
      gateway.faults.unreachable = true;
      return results;
    };
    const error = await failure(writer.create(rule('web', 8443)));
    expect(error.code).toBe('unreachable');
    expect(partialState(error)).toMatchObject({ inputs: rule('web', 8443), owner: OWNER });
    expect(partialState(error)?.entries).toMatchObject([{ tag: makeTag(`${OWNER}/web`, forward(8443), 0) }]);
  });

  test('while the device went away before it arrived is sent once more', async () => {
    const { gateway, session, ours } = lab();
    const writer = session();
    await writer.info();
    gateway.faults.beforeApply = () => {
      gateway.faults.unreachable = true;
      gateway.faults.beforeApply = null;
    };
    const list = gateway.list.bind(gateway);
    gateway.list = async (...args) => {
      gateway.faults.unreachable = false;
      return list(...args);
    };
    const login = gateway.login.bind(gateway);
    gateway.login = async (signal) => {
      gateway.faults.unreachable = false;
      return login(signal);
    };
    await writer.create(rule('web', 8443));
    expect(ours()).toHaveLength(1);
    expect(gateway.counts.applies).toBe(2);
  });

  test('is given up by its caller: the state to record goes with it', async () => {
    const { gateway, session } = lab();
    const writer = session();
    await writer.info();
    const stop = new AbortController();
    gateway.faults.beforeApply = () => {
      gateway.faults.delay = Number.POSITIVE_INFINITY;
      stop.abort();
    };
    const error = await failure(writer.create(rule('web', 8443), stop.signal));
    expect(error.code).toBe('cancelled');
    expect(partialState(error)?.inputs).toEqual(rule('web', 8443));
    gateway.faults.delay = 0;
    gateway.faults.beforeApply = null;
    const state = await writer.create(rule('web', 8443));
    expect(await session().read(state)).toEqual(state);
  });
});

describe('old entries that will not go', () => {
  test('the update fails, both are recorded, and the next run settles it', async () => {
    for (const kind of [kinds.poor, kinds.sequential]) {
      const { gateway, session, ours } = lab({ kind });
      const state = await session().create(rule('web', 8443));
      gateway.faults.refuseRemovals = 'busy';
      const error = await failure(session().update(state, rule('web', 8444)));
      expect(error).toMatchObject({ code: 'refused', message: expect.stringContaining('busy') });
      const recorded = partialState(error);
      expect(recorded?.entries.map(({ handle }) => handle).sort()).toEqual(
        ours()
          .map(({ handle }) => handle)
          .sort(),
      );
      if (!recorded) throw new Error('no state');
      gateway.faults.refuseRemovals = null;
      const next = await session().update(recorded, rule('web', 8444));
      expect(ours()).toHaveLength(1);
      await session().delete(next);
      expect(ours()).toHaveLength(0);
    }
  });

  test('a delete fails with the device’s words', async () => {
    const { gateway, session } = lab();
    const state = await session().create(rule('web', 8443));
    gateway.faults.refuseRemovals = 'busy';
    const error = await failure(session().delete(state));
    expect(error).toMatchObject({ code: 'refused', message: expect.stringContaining('busy') });
  });
});

describe('the gateway as a whole', () => {
  const problem = {
    code: 'ip-forward-off',
    message: 'ip_forward is 0.',
    hint: 'Run sysctl -w net.ipv4.ip_forward=1.',
  };

  test('a fatal problem refuses create and update, not delete', async () => {
    const { session, ours } = lab({ problems: [{ ...problem, fatal: true }] });
    const error = await failure(session().create(rule('web', 8443)));
    expect(error).toMatchObject({ code: 'refused', hint: problem.hint });
    expect(ours()).toEqual([]);
    const state = {
      inputs: rule('web', 8443),
      owner: OWNER,
      gatewayName: 'router',
      endpoint: 'memory:test',
      device: null,
      entries: [],
    };
    await session().delete(state);
  });

  test('any other is one warning', async () => {
    const { session, warnings } = lab({ problems: [{ ...problem, fatal: false }] });
    const writer = session();
    await Promise.all([writer.create(rule('web', 8443)), writer.check({ ...rule('www', 8444) }, null)]);
    expect(warnings).toEqual([`Gateway "router": ${problem.message} ${problem.hint}`]);
  });

  test('a warning that nobody can receive breaks nothing', async () => {
    const { session } = lab({ problems: [{ ...problem, fatal: false }] });
    await session({
      warn: () => {
        throw new Error('closed');
      },
    }).create(rule('web', 8443));
  });
});

describe('another device that answers in the middle', () => {
  test('gets nothing', async () => {
    const { gateway, session, ours } = lab();
    const writer = session();
    const state = await writer.create(rule('web', 8443));
    gateway.faults.beforeApply = () => {
      gateway.faults.beforeApply = null;
      gateway.replace();
      throw Object.assign(new Error('gone'), {
        name: 'PortforwardError',
        code: 'unreachable',
        summary: 'gone',
      });
    };
    const error = await failure(writer.update(state, rule('web', 8444)));
    expect(error.code).toBe('device');
    expect(ours()).toEqual([]);
  });
});

describe('closing', () => {
  test('waits for what is under way, logs out, and a later call logs in again', async () => {
    const { gateway, session } = lab();
    const one = session();
    const creating = one.create(rule('web', 8443));
    await one.close();
    await expect(creating).resolves.toMatchObject({ owner: OWNER });
    await one.close();
    expect(await one.list()).toHaveLength(1);
    expect(gateway.counts.logins).toBe(2);
  });
});

describe('leases', () => {
  test('a mapping that ran out is gone, and an update puts it back', async () => {
    let now = Date.UTC(2026, 0, 1);
    const { session, ours } = lab({ kind: kinds.leased, now: () => now });
    const clock = { ...systemClock, wall: () => now };
    const state = await session({ clock }).create(rule('web', 8443, { lease: 3600 }));
    expect(state.renewalDue).toBe(new Date(now + 1_800_000).toISOString());
    now += 3_600_001;
    expect(await session().read(state)).toBeNull();
    const next = await session({ clock }).update(state, state.inputs);
    expect(next.renewalDue).toBe(new Date(now + 1_800_000).toISOString());
    expect(ours()).toHaveLength(1);
  });

  test('a read keeps the date of renewal, unless the mapping ends earlier than was thought', async () => {
    let now = Date.UTC(2026, 0, 1);
    const { gateway, session } = lab({ kind: kinds.leased, now: () => now });
    const clock = { ...systemClock, wall: () => now };
    const state = await session({ clock }).create(rule('web', 8443, { lease: 86_400 }));
    now += 3_600_000;
    expect((await session({ clock }).read(state))?.renewalDue).toBe(state.renewalDue);
    // The gateway shortened it behind our back: an hour is left.
    const [line] = gateway.records;
    gateway.shorten(line?.handle ?? '', now + 3_600_000);
    expect((await session({ clock }).read(state))?.renewalDue).toBe(new Date(now + 1_800_000).toISOString());
    expect(await session({ clock, renewBefore: 600 }).read(state)).toMatchObject({
      renewalDue: new Date(now + 3_000_000).toISOString(),
    });
  });

  test('renewBefore says how much shall be left', async () => {
    const now = Date.UTC(2026, 0, 1);
    const { session } = lab({ kind: kinds.leased, now: () => now });
    const clock = { ...systemClock, wall: () => now };
    const state = await session({ clock, renewBefore: 600 }).create(rule('web', 8443, { lease: 3600 }));
    expect(state.renewalDue).toBe(new Date(now + 3_000_000).toISOString());
    expect(renewalIsDue(state, now + 2_999_999)).toBe(false);
    expect(renewalIsDue(state, now + 3_000_000)).toBe(true);
  });

  test('a renewal that came to nothing is an error', async () => {
    let now = Date.UTC(2026, 0, 1);
    const { gateway, session } = lab({ kind: kinds.leased, now: () => now });
    const clock = { ...systemClock, wall: () => now };
    const state = await session({ clock }).create(rule('web', 8443, { lease: 3600 }));
    now += 2_000_000;
    gateway.faults.doNothing = true;
    gateway.faults.beforeApply = () => {
      now += 1_000;
    };
    expect((await failure(session({ clock }).update(state, state.inputs))).code).toBe('unchanged');
    gateway.faults.doNothing = false;
    await session({ clock }).update(state, state.inputs);
  });

  test('a lease that the gateway does not grant is refused', async () => {
    const { session } = lab({ kind: kinds.leased });
    expect(await failure(session().create(rule('web', 8443, { lease: 30 })))).toMatchObject({
      code: 'unsupported',
      property: 'lease',
    });
  });
});

test('parts keep their tags when others come and go', async () => {
  const { session, ours } = lab({ kind: kinds.poor });
  const three = await session().create(
    rule('web', 8443, { sources: ['192.0.2.1', '192.0.2.3', '192.0.2.5'] }),
  );
  const two = await session().update(three, rule('web', 8443, { sources: ['192.0.2.3', '192.0.2.5'] }));
  expect(two.entries).toEqual(three.entries.slice(1));
  const again = await session().update(
    two,
    rule('web', 8443, { sources: ['192.0.2.3', '192.0.2.5', '192.0.2.7'] }),
  );
  expect(again.entries.slice(1)).toEqual(two.entries);
  expect(ours().every(({ mark }) => mark.startsWith(`pf1_${tagOf(`${OWNER}/web`)}`))).toBe(true);
  expect(await session().read(again)).toEqual(again);
});
