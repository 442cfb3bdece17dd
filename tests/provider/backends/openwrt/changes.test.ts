import type { Change } from '../../../../provider/backends/backend';
import { partialState } from '../../../../provider/session/failures';
import {
  adding,
  applied,
  cleanUp,
  failure,
  opened,
  rule,
  sessionOn,
  signal,
  startRouter,
  tags,
} from './practice';

afterEach(cleanUp);

const foreign = {
  name: 'Mine',
  src: 'wan',
  dest: 'lan',
  proto: 'tcp',
  src_dport: '9000',
  dest_ip: '192.168.1.9',
};

describe('somebody else’s change', () => {
  test('that waits for confirmation is waited for, and then is the truth', async () => {
    const router = await startRouter();
    const backend = await opened(router);
    const other = router.otherApply({ section: { type: 'redirect', values: foreign } });
    const looking = backend.list([], signal);
    await new Promise((resolve) => setTimeout(resolve, 100));
    other.rollback();
    expect((await looking).entries.map(({ label }) => label)).not.toContain('port forward "Mine"');

    const second = router.otherApply({ section: { type: 'redirect', values: foreign } });
    const again = backend.list([], signal);
    await new Promise((resolve) => setTimeout(resolve, 100));
    second.confirm();
    expect((await again).entries.map(({ label }) => label)).toContain('port forward "Mine"');
  });

  test('that nobody confirms ends the wait with words', async () => {
    const router = await startRouter();
    const backend = await opened(router, { pace: { busy: 150 } });
    router.otherApply();
    const error = await failure(backend.list([], signal));
    expect(error).toMatchObject({
      code: 'stale',
      retryable: true,
      message: expect.stringContaining('waiting for confirmation'),
    });
    expect(error.hint).toContain('LuCI');
  });

  test('that begins after our look lets nothing of ours through, and nothing of ours waits for it', async () => {
    const router = await startRouter();
    const backend = await opened(router);
    const { generation } = await backend.list([], signal);
    const other = router.otherApply({
      section: { type: 'rule', values: { name: 'x', src: 'lan', target: 'ACCEPT' } },
    });
    const before = router.byHand.text();
    expect((await failure(backend.apply([adding(8443)], { generation, trial: true, signal }))).code).toBe(
      'stale',
    );
    const busy = await backend.list([], AbortSignal.timeout(50)).catch((error) => error);
    expect(busy).toMatchObject({ code: expect.stringMatching(/timeout|cancelled/) });
    expect(router.byHand.text()).toBe(before);
    expect(other.waits).toBe(true);
    other.confirm();
  });

  test('that is pending when we commit is a race too', async () => {
    const router = await startRouter();
    const backend = await opened(router);
    const table = await applied(backend, [adding(8443)]);
    const change: Change = { op: 'remove', before: table.entries.find(({ tag }) => tag !== null) as never };
    const { generation } = await backend.list([], signal);
    // It takes back nothing of the configuration that we looked at.
    const other = router.otherApply({ section: { type: 'defaults', values: {} } });
    const error = await failure(backend.apply([change], { generation, signal }));
    expect(error.code).toBe('stale');
    expect(tags(router)).toHaveLength(1);
    other.rollback();
    await applied(backend, [change]);
    expect(tags(router)).toEqual([]);
  });

  test('between look and write makes the write start over', async () => {
    const router = await startRouter();
    const backend = await opened(router);
    const { generation } = await backend.list([], signal);
    router.byHand.add('redirect', foreign);
    expect(await failure(backend.apply([adding(8443)], { generation, signal }))).toMatchObject({
      code: 'stale',
      retryable: true,
    });
    expect(tags(router)).toEqual([]);
    const state = await sessionOn(router).create(rule('web', 8443));
    expect(state.entries).toHaveLength(1);
  });

  test('in the very moment of ours is found, and ours is taken back', async () => {
    const router = await startRouter();
    const backend = await opened(router);
    const { generation } = await backend.list([], signal);
    const { bus } = router.device;
    const call = bus.call.bind(bus);
    let armed = true;
    bus.call = (object, method, args, sid) => {
      if (armed && object === 'uci' && method === 'apply') {
        armed = false;
        router.byHand.add('redirect', foreign);
      }
      return call(object, method, args, sid);
    };
    expect((await failure(backend.apply([adding(8443)], { generation, trial: true, signal }))).code).toBe(
      'stale',
    );
    expect(tags(router)).toEqual([]);
    expect(router.byHand.text()).toContain('Mine');
  });
});

describe('what becomes of a change', () => {
  test('a lost answer leaves nothing staged that could come later', async () => {
    const router = await startRouter();
    const backend = await opened(router);
    const { generation } = await backend.list([], signal);
    router.misbehave({ how: 'cut', to: 'uci.apply', times: 1 });
    expect(await failure(backend.apply([adding(8443)], { generation, trial: true, signal }))).toMatchObject({
      code: 'timeout',
    });
    const logins = router.counters.of('session.login');
    expect((await backend.list([], signal)).entries.filter(({ tag }) => tag !== null)).toEqual([]);
    expect(router.counters.of('session.login')).toBe(logins + 1);
    expect(tags(router)).toEqual([]);
  });

  test('a reboot in the middle of an apply: what it kept is seen, and is not doubled', async () => {
    const router = await startRouter();
    const session = sessionOn(router);
    await session.info();
    router.misbehave({ how: 'reboot', to: 'uci.apply', after: 2, times: 1 });
    const outcome = await session.create(rule('web', 8443)).catch((error) => error);
    expect(router.reboots).toBe(1);
    const recorded = outcome instanceof Error ? partialState(outcome) : outcome;
    const state = await sessionOn(router).update(recorded, rule('web', 8443));
    expect(tags(router)).toEqual(state.entries.map(({ tag }) => tag));
  });

  test('accepted and not changed is no success', async () => {
    const router = await startRouter();
    const session = sessionOn(router, { pace: { grace: 200 } });
    for (const to of ['uci.apply', 'uci.commit']) router.misbehave({ how: 'unchanged', to });
    expect((await failure(session.create(rule('web', 8443)))).code).toBe('unchanged');
    expect(tags(router)).toEqual([]);
  });

  test('a call of the staging that is refused stops all of it', async () => {
    const router = await startRouter();
    const backend = await opened(router);
    const { generation } = await backend.list([], signal);
    router.misbehave({ how: 'denied', to: 'uci.add', after: 1, times: 1 });
    const results = await backend.apply([adding(1001), adding(1002), adding(1003)], { generation, signal });
    expect(results).toMatchObject([
      { status: 'skipped' },
      { status: 'refused', message: 'uci add: Permission denied (6)' },
      { status: 'skipped' },
    ]);
    expect((await backend.list([], signal)).generation).toBe(generation);
    expect(tags(router)).toEqual([]);
  });

  test('what is on trial is taken back when we log out, and when its time is over', async () => {
    const router = await startRouter();
    const first = await opened(router);
    await applied(first, [adding(8443)], true);
    expect(tags(router)).toHaveLength(1);
    await first.close();
    expect(tags(router)).toEqual([]);

    const second = await opened(router);
    await applied(second, [adding(8443)], true);
    router.applyTimesOut();
    expect(await second.trials?.confirm(signal)).toBe('nothing');
    expect((await second.list([], signal)).entries.filter(({ tag }) => tag !== null)).toEqual([]);
    // rpcd staged the change again under that login: it must not come back with the next batch.
    await applied(second, [adding(9443)]);
    expect(tags(router)).toHaveLength(1);
    expect(router.byHand.text()).not.toContain('8443');
  });

  test('confirming comes over a connection of its own', async () => {
    const router = await startRouter();
    const backend = await opened(router);
    await applied(backend, [adding(8443)], true);
    await backend.trials?.confirm(signal);
    const of = (name: string) =>
      router.counters.calls.filter((call) => call.name === name).at(-1)?.connection;
    expect(of('uci.confirm')).not.toBe(of('uci.add'));
  });

  test('apply is never sent without rollback, and wants no more than a trial may last', async () => {
    const router = await startRouter();
    const { bus } = router.device;
    const call = bus.call.bind(bus);
    const sent: unknown[] = [];
    bus.call = (object, method, args, sid) => {
      if (method === 'apply') sent.push(args);
      return call(object, method, args, sid);
    };
    const session = sessionOn(router);
    const state = await session.create(rule('web', 8443));
    await session.update(state, rule('web', 8444));
    expect(sent.length).toBeGreaterThan(2);
    for (const args of sent) expect(args).toMatchObject({ rollback: true, timeout: 45 });
  });
});

describe('the firewall', () => {
  test('that loads a second later is waited for', async () => {
    const router = await startRouter({ reloadDelay: 700 });
    const session = sessionOn(router);
    const began = performance.now();
    const state = await session.create(rule('web', 8443));
    expect(performance.now() - began).toBeGreaterThan(650);
    expect(await session.read(state)).toEqual(state);
    await session.delete(state);
    expect((await sessionOn(router).list()).filter(({ tag }) => tag !== null)).toEqual([]);
  });

  test('is read once, when it has loaded: until then only whether it has is asked', async () => {
    const router = await startRouter({ reloadDelay: 400 });
    const session = sessionOn(router, { pace: { procd: 100 } });
    await session.list();
    router.counters.reset();
    await session.create(rule('web', 8443));
    // One look before the change, one after it; each asks for the networks.
    expect(router.counters.of('network.interface.dump')).toBe(2);
    expect(router.counters.of('uci.confirm')).toBe(1);
    // A later look has nothing to wait for.
    router.counters.reset();
    await session.list();
    expect(router.counters.requests).toBe(1);
  });

  test('that never loads fails the rule, and what was on trial is taken back', async () => {
    const router = await startRouter({ reloadDelay: Number.POSITIVE_INFINITY });
    const session = sessionOn(router, { pace: { reload: 200, grace: 100 } });
    const error = await failure(session.create(rule('web', 8443)));
    expect(error).toMatchObject({ code: 'unchanged', message: expect.stringContaining('"web"') });
    expect(tags(router)).toEqual([]);
  });

  test('that skips a section says why, in its own words', async () => {
    const router = await startRouter();
    const session = sessionOn(router, { pace: { grace: 100 } });
    const state = await session.create(rule('web', 8443));
    router.byHand.change(state.entries[0]?.handle as string, { src_dip: 'nonsense' });
    const [entry] = (await sessionOn(router, { pace: { grace: 100 } }).list()).filter(
      ({ tag }) => tag !== null,
    );
    expect(entry?.restriction).toMatch(/src_dip 'nonsense'.*did not load it: .*invalid value 'nonsense'/);
    expect(JSON.stringify((await session.read(state))?.inputs)).toContain('did not load');
    const mended = await session.update(state, rule('web', 8443));
    expect(await sessionOn(router).read(mended)).toEqual(mended);
  });

  test('that still has what was removed is not believed', async () => {
    const router = await startRouter({ reloadDelay: 0 });
    const session = sessionOn(router, { pace: { reload: 150, grace: 100 } });
    const state = await session.create(rule('web', 8443));
    router.device.firewall.delay = Number.POSITIVE_INFINITY;
    const error = await failure(session.delete(state));
    expect(error).toMatchObject({ code: 'unchanged', message: expect.stringContaining('still there') });
  });

  test('more rules than rpcd passes on are a warning, no accusation', async () => {
    const router = await startRouter();
    const section = (port: number) =>
      `config redirect\n\toption name 'a long name for the forward of port ${port}'\n\toption target 'DNAT'\n\toption src 'wan'\n\toption dest 'lan'\n\toption proto 'tcp udp'\n\toption src_dport '${port}'\n\toption dest_ip '192.168.1.9'\n\n`;
    const many = Array.from({ length: 1_200 }, (_, index) => section(20_000 + index)).join('');
    router.byHand.write(`${router.byHand.text()}\n${many}`);
    const warnings: string[] = [];
    const session = sessionOn(router, {}, { warn: (text) => warnings.push(text) });
    const state = await session.create(rule('web', 8443));
    expect(await session.read(state)).toEqual(state);
    await session.create(rule('www', 8444));
    expect(warnings.join('\n')).toMatch(/not proved.*dstnat_wan.*262 144 bytes/s);
  });
});
