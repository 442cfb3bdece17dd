import { machineClock } from '../../../../lab/simulators/clock';
import type { RuleState } from '../../../../provider/session/state';
import {
  acl,
  adding,
  applied,
  cleanUp,
  connect,
  failure,
  opened,
  PASSWORD,
  rule,
  sessionOn,
  signal,
  startRouter,
  tags,
} from './practice';

afterEach(cleanUp);

describe('who we are', () => {
  test('a wrong password is refused once, and says which account', async () => {
    const router = await startRouter();
    const error = await failure(connect(router, { password: 'canary-wrong' }).open(signal));
    expect(error).toMatchObject({ code: 'credential', message: expect.stringContaining('"pf"') });
    expect(String(error)).not.toContain('canary');
    expect(router.counters.of('session.login')).toBe(1);
  });

  test('an account without the group is told how to install it', async () => {
    const router = await startRouter();
    const error = await failure(connect(router, { username: 'stranger' }).open(signal));
    expect(error).toMatchObject({ code: 'denied', hint: expect.stringContaining('list read portforward') });
    expect(error.message).toContain('"ubus": {"uci": ["get","changes"]}');
  });

  test.each<[string, Parameters<Awaited<ReturnType<typeof startRouter>>['dropGrant']>[0], string]>([
    [
      'a method',
      { scope: 'ubus', object: 'network.interface', function: 'dump' },
      '"ubus": {"network.interface": ["dump"]}',
    ],
    ['the configuration', { scope: 'uci', object: 'firewall', function: 'read' }, '"uci": ["firewall"]'],
    [
      'a chain',
      { scope: 'file', object: '/usr/sbin/nft -s -a list chain inet fw4 forward_wan', function: 'exec' },
      '"file": {"/usr/sbin/nft -s -a list chain inet fw4 forward_wan": ["exec"]}',
    ],
  ])('a right that is missing is named by the line to add: %s', async (_, grant, line) => {
    const router = await startRouter();
    router.dropGrant(grant);
    const error = await failure(connect(router).open(signal));
    expect(error).toMatchObject({ code: 'denied', hint: expect.stringContaining('rpcd restart') });
    expect(error.message).toContain(line);
  });

  test('the zone of a second WAN needs its own lines, and they are told', async () => {
    const router = await startRouter({ acl: acl(['wan'], []) });
    router.byHand.add('zone', { name: 'mobile', network: ['lte'] });
    const error = await failure(connect(router, { args: { wanZones: ['wan', 'mobile'] } }).open(signal));
    for (const chain of ['dstnat', 'forward', 'input'])
      expect(error.message).toContain(`nft -s -a list chain inet fw4 ${chain}_mobile": ["exec"]`);
  });

  test('a right that is taken away while we work is named too, and no second login is sent', async () => {
    const router = await startRouter();
    const backend = await opened(router);
    const { generation } = await backend.list([], signal);
    const grant = { scope: 'ubus', object: 'uci', function: 'add' };
    router.dropGrant(grant);
    // Our login still tells what it was given, so this looks like a login that has expired, once.
    const error = await failure(backend.apply([adding(8443)], { generation, signal }));
    expect(error).toMatchObject({
      code: 'denied',
      message: expect.stringContaining('"ubus": {"uci": ["add"]}'),
    });
    expect(router.counters.of('session.login')).toBe(2);
    expect(tags(router)).toEqual([]);
  });

  test('who may only read looks at everything, and is told what a change would need', async () => {
    const router = await startRouter();
    const backend = await opened(router, { username: 'reader' });
    const { generation, entries } = await backend.list([], signal);
    expect(entries.length).toBeGreaterThan(0);
    const error = await failure(backend.apply([adding(8443)], { generation, signal }));
    expect(error).toMatchObject({
      code: 'denied',
      message: expect.stringContaining('"write": {"uci": ["firewall"]}'),
    });
    expect(tags(router)).toEqual([]);
  });

  test('chains beyond the WAN that may not be listed are a warning: what they would prove is not proved', async () => {
    const router = await startRouter();
    for (const chain of ['upnp_prerouting', 'dstnat_lan'])
      router.dropGrant({
        scope: 'file',
        object: `/usr/sbin/nft -s -a list chain inet fw4 ${chain}`,
        function: 'exec',
      });
    const warnings: string[] = [];
    const session = sessionOn(router, {}, { warn: (text) => warnings.push(text) });
    await session.create(rule('web', 8443, { hairpin: true }));
    await session.create(rule('www', 8444));
    expect(warnings.join('\n')).toMatch(/UPnP clients are not seen/);
    expect(warnings.join('\n')).toMatch(/not proved.*dstnat_lan/);
  });

  test('root is let in with a warning', async () => {
    const router = await startRouter();
    const { problems } = await connect(router, { username: 'root' }).open(signal);
    expect(problems).toMatchObject([{ code: 'root-account', fatal: false }]);
  });
});

describe('a login that expires', () => {
  /** A router whose time flies, so that a trial nobody can confirm any more is over soon. */
  const hasty = {
    ...machineClock,
    after: (ms: number, call: () => void) => machineClock.after(ms / 200, call),
  };

  test.each([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 28, 31, 34, 37, 40])(
    'at call %d of a create, an update and a delete: nothing is doubled, nothing is left',
    async (call) => {
      const router = await startRouter({ clock: hasty });
      const session = sessionOn(router);
      await session.info();
      router.expireSessionsAtCall(call);
      const put = async (run: () => Promise<RuleState>): Promise<RuleState> => {
        // Only where the login goes while changes are on trial are they lost: nobody can confirm them.
        const state = await run().catch((error) => error);
        if (!(state instanceof Error)) return state;
        expect(state).toMatchObject({
          code: 'unchanged',
          // On a busy machine its time may be over first.
          message: expect.stringMatching(
            /took the change back by itself, because (the login that made it was lost|it was not confirmed in time)/,
          ),
        });
        return run();
      };
      const state = await put(() => session.create(rule('web', 8443)));
      const next = await put(() => session.update(state, rule('web', 8444)));
      expect(tags(router)).toEqual(next.entries.map(({ tag }) => tag));
      await session.delete(next);
      expect(tags(router)).toEqual([]);
    },
  );

  test('with a change on trial: nobody can confirm it, and it ends by its timer', async () => {
    const router = await startRouter();
    const backend = await opened(router);
    await applied(backend, [adding(8443)], true);
    router.expireSessions();
    expect(await backend.trials?.confirm(signal)).toBe('lost');
    // Under a new login it is somebody else's.
    const looking = backend.list([], signal);
    router.applyTimesOut();
    expect((await looking).entries.filter(({ tag }) => tag !== null)).toEqual([]);
    expect(tags(router)).toEqual([]);
  });

  test('before the look that would judge the trial: there is nothing left to take back', async () => {
    const router = await startRouter();
    const backend = await opened(router);
    await applied(backend, [adding(8443)], true);
    router.expireSessions();
    const looking = backend.list([], signal);
    router.applyTimesOut();
    await looking;
    const calls = router.counters.of('uci.rollback');
    expect(await backend.trials?.rollback(signal)).toBe('lost');
    expect(router.counters.of('uci.rollback')).toBe(calls);
    expect(await backend.trials?.rollback(signal)).toBe('nothing');
  });

  test('logging out ends the session at the router', async () => {
    const router = await startRouter();
    const backend = await opened(router);
    await backend.close();
    expect(router.counters.of('session.destroy')).toBe(1);
    await backend.close();
    expect(router.counters.of('session.destroy')).toBe(1);
  });
});

describe('a login that is not ours', () => {
  test('rpcd hands out the session of a pending change of the same account: nothing is done under it', async () => {
    const router = await startRouter();
    const other = router.otherApply({ username: 'pf', timeout: 3600 });
    const backend = connect(router, { pace: { busy: 200 } });
    await backend.open(signal);
    expect(await failure(backend.list([], signal))).toMatchObject({ code: 'stale', retryable: true });
    await backend.close();
    expect(other.waits).toBe(true);
    expect(
      router.counters.calls.filter(({ sid }) => sid === other.sid).map(({ name }) => name),
    ).not.toContain('uci.apply');
    expect(router.counters.of('session.destroy')).toBe(0);
    other.confirm();
  });

  test('and once it is over, the next login is our own', async () => {
    const router = await startRouter();
    const other = router.otherApply({ username: 'pf', timeout: 3600 });
    const backend = await opened(router);
    const looking = backend.list([], signal);
    while (router.counters.of('session.login') < 3) await new Promise(setImmediate);
    other.confirm();
    await looking;
    await applied(backend, [adding(8443)], true);
    expect(await backend.trials?.confirm(signal)).toBe('confirmed');
    expect(tags(router)).toHaveLength(1);
    expect(
      router.counters.calls
        .filter(({ sid, name }) => sid === other.sid && name !== 'uci.get')
        .map(({ name }) => name),
    ).not.toContain('uci.add');
  });
});

test('the password and the session are in no trace', async () => {
  const { mkdtempSync, readFileSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const directory = mkdtempSync(join(tmpdir(), 'pf-'));
  const file = join(directory, 'trace');
  process.env.PORTFORWARD_TRACE = file;
  try {
    const router = await startRouter();
    const session = sessionOn(router);
    await session.create(rule('web', 8443));
    const sids = new Set(router.counters.calls.map(({ sid }) => sid).filter((sid) => !/^0+$/.test(sid)));
    await session.close();
    const trace = readFileSync(file, 'utf8');
    expect(trace).toContain('uci');
    expect(trace).not.toContain(PASSWORD);
    for (const sid of sids) expect(trace).not.toContain(sid);
  } finally {
    delete process.env.PORTFORWARD_TRACE;
    rmSync(directory, { recursive: true });
  }
});
