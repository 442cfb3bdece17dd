import type { Misbehaviour } from '../../../../lab/simulators/openwrt/faults';
import {
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

/** Answers that are none, wherever they come. */
const ODD: readonly (readonly [Misbehaviour, string, RegExp])[] = [
  ['html', 'refused', /answered with (the page|a page)/],
  ['empty', 'refused', /answered with nothing instead of JSON/],
  ['truncated', 'refused', /broken JSON/],
  ['broken', 'timeout', /broke off/],
  ['huge', 'refused', /more than 16777216 bytes/],
  ['endless', 'refused', /more than 16777216 bytes/],
  ['cut', 'timeout', /broke off/],
  ['redirect', 'refused', /sends us elsewhere/],
];

describe('an answer that is none', () => {
  test.each(ODD)('%s at the login', async (how, code, words) => {
    const router = await startRouter();
    router.misbehave({ how, to: 'session.login', location: 'http://evil.example/ubus' });
    const backend = connect(router);
    const error = await failure(backend.open(signal));
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
    expect(String(error)).not.toContain(PASSWORD);
    router.behave();
    await backend.open(signal);
    expect((await backend.list([], signal)).generation).not.toBeNull();
  });

  test.each(ODD)('%s at a look: no empty table is taken for the truth', async (how, code, words) => {
    const router = await startRouter();
    const backend = await opened(router);
    router.misbehave({ how, to: 'uci.get' });
    const error = await failure(backend.list([], signal));
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
    router.behave();
    expect((await backend.list([], signal)).generation).not.toBeNull();
  });

  test.each(ODD)('%s while a batch is staged: nothing is changed, and nothing stays staged', async (how) => {
    const router = await startRouter();
    const backend = await opened(router);
    const { generation } = await backend.list([], signal);
    const before = router.byHand.text();
    router.misbehave({ how, to: 'uci.add' });
    const error = await failure(backend.apply([adding(8443)], { generation, trial: true, signal }));
    expect(error).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('Nothing was changed'),
    });
    router.behave();
    expect(router.byHand.text()).toBe(before);
    const table = await backend.list([], signal);
    expect(table.generation).toBe(generation);
    expect(router.byHand.text()).toBe(before);
  });

  test.each(ODD)('%s when a batch is made live: only a look tells', async (how) => {
    const router = await startRouter();
    const session = sessionOn(router);
    await session.info();
    // Two questions come before, whether somebody else has changes on trial.
    router.misbehave({ how, to: 'uci.apply', after: 2, times: 1 });
    const outcome = await session.create(rule('web', 8443)).catch((error) => error);
    router.behave();
    expect(tags(router).length).toBeLessThanOrEqual(1);
    if (outcome instanceof Error)
      expect(outcome).toMatchObject({ code: expect.stringMatching(/^(timeout|refused|unreachable)$/) });
    else expect(await sessionOn(router).read(outcome)).toEqual(outcome);
    const state = await sessionOn(router)
      .create(rule('web', 8443))
      .catch((error) => error.state);
    expect(tags(router)).toHaveLength(1);
    expect(await sessionOn(router).read(state)).not.toBeNull();
  });

  test('an answer that stalls ends with the deadline', async () => {
    const router = await startRouter();
    const backend = await opened(router);
    router.misbehave({ how: 'stalled', to: 'uci.get' });
    expect(await failure(backend.list([], AbortSignal.timeout(100)))).toMatchObject({ code: 'timeout' });
    router.behave();
    expect((await backend.list([], signal)).generation).not.toBeNull();
  });

  test('a page at 404 says what is not installed; an answer of 503 may be tried again', async () => {
    const router = await startRouter();
    router.misbehave({ how: 'html', to: 'session.login', status: 404, times: 1 });
    expect(await failure(connect(router).open(signal))).toMatchObject({
      code: 'version',
      hint: expect.stringContaining('uhttpd-mod-ubus'),
    });
    router.misbehave({ how: 'html', to: 'session.login', status: 503, times: 1 });
    expect(await failure(connect(router).open(signal))).toMatchObject({ code: 'refused', retryable: true });
  });
});

describe('an answer that says more, or otherwise', () => {
  test('fields that nobody knows are passed over', async () => {
    const router = await startRouter();
    router.faults.unknownFields = true;
    const session = sessionOn(router);
    const state = await session.create(rule('web', 8443));
    expect(await sessionOn(router).read(state)).toEqual(state);
  });

  test('other firmware is told by its own name', async () => {
    const router = await startRouter({ board: { version: '25.12.2' } });
    expect(await connect(router).open(signal)).toMatchObject({ product: 'OpenWrt 25.12.2' });
  });

  test('a look that shows two of the same, made by others, keeps both apart', async () => {
    const router = await startRouter();
    const values = {
      name: 'Twice',
      src: 'wan',
      dest: 'lan',
      proto: 'tcp',
      src_dport: '8443',
      dest_ip: '192.168.1.9',
    };
    const handles = [router.byHand.add('redirect', values), router.byHand.add('redirect', values)];
    const session = sessionOn(router);
    const error = await failure(session.create(rule('web', 8443, { adopt: 'tcp:8443' })));
    expect(error.code).toBe('foreign');
    for (const handle of handles) expect(error.message).toContain(handle);
    const state = await session
      .create(rule('web', 8443, { adopt: handles[1] as string }))
      .catch((thrown) => thrown);
    // The other one still takes the port.
    expect(state).toMatchObject({ code: 'foreign' });
  });

  test('what is written holds to the limits of uhttpd, and hundreds of rules travel in few requests', async () => {
    const router = await startRouter();
    const backend = await opened(router);
    const changes = Array.from({ length: 300 }, (_, index) => adding(10_000 + index));
    const named = changes.map((change, index) =>
      change.op === 'add' ? { ...change, wanted: { ...change.wanted, id: `shop/prod/r${index}` } } : change,
    );
    router.counters.reset();
    await applied(backend, named);
    expect(router.counters.longestBody).toBeLessThanOrEqual(60_000);
    expect(router.counters.requests).toBeLessThanOrEqual(7);
    expect(tags(router)).toHaveLength(300);
  });
});
