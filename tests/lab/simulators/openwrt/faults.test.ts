import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { selfSigned } from '../../../../provider/certificate/self-signed';
import { heldRequest } from '../held-request';
import { callBody, Practice, raw, web } from './raw';

let practice: Practice;
let sid: string;
beforeEach(async () => {
  practice = await Practice.start({ reloadDelay: 0 });
  sid = await practice.login();
});
afterEach(() => practice.stop());

const ask = (method: string, args: object = {}, object = 'uci') =>
  raw(`${practice.url}/ubus`, {
    body: JSON.stringify(callBody(sid, object, method, { config: 'firewall', ...args })),
  });
const file = () => practice.router.byHand.text();

describe('answers', () => {
  test('a page, a redirect, an empty one, half of one', async () => {
    practice.router.misbehave({ how: 'html', to: 'uci.get', times: 1 });
    practice.router.misbehave({ how: 'html', to: 'uci.get', times: 1, status: 502 });
    practice.router.misbehave({ how: 'redirect', to: 'uci.get', times: 1, location: 'https://192.0.2.9/x' });
    practice.router.misbehave({ how: 'empty', to: 'uci.get', times: 1 });
    practice.router.misbehave({ how: 'truncated', to: 'uci.get', times: 1 });
    expect(await ask('get')).toMatchObject({ status: 200, text: expect.stringContaining('<title>Sign in') });
    expect(await ask('get')).toMatchObject({ status: 502, headers: { 'content-type': 'text/html' } });
    expect(await ask('get')).toMatchObject({
      status: 302,
      headers: { location: 'https://192.0.2.9/x' },
      text: '',
    });
    expect(await ask('get')).toMatchObject({ status: 200, text: '' });
    const { text } = await ask('get');
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    // None of those that came before the call has carried it out.
    expect(practice.router.counters.of('uci.get')).toBe(2);
    expect(JSON.parse((await ask('get')).text).result[0]).toBe(0);
  });

  test('held until it is let go', async () => {
    await practice.add(sid, 'pf_web');
    const { reached, until, arrived, go } = heldRequest();
    const where = (calls: readonly string[]): boolean => calls.length === 1;
    practice.router.misbehave({ how: 'held', to: 'uci.commit', where, times: 1, reached, until });
    const committed = ask('commit');
    await arrived;
    expect(file()).not.toContain('pf_web');
    expect((await ask('get')).status).toBe(200);
    go();
    expect((await committed).status).toBe(200);
    expect(file()).toContain('pf_web');
  });

  test('cut before anything is done, lost after it, broken in the middle', async () => {
    await practice.add(sid, 'pf_web');
    practice.router.misbehave({ how: 'cut', to: 'uci.commit', times: 1 });
    await expect(ask('commit')).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(file()).not.toContain('pf_web');
    practice.router.misbehave({ how: 'lost', to: 'uci.commit', times: 1 });
    await expect(ask('commit')).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(file()).toContain('pf_web');
    practice.router.misbehave({ how: 'broken', to: 'uci.get', times: 1 });
    await expect(ask('get')).rejects.toThrow(/aborted|ECONNRESET/);
  });

  test('50 MB, whole and valid', async () => {
    practice.router.misbehave({ how: 'huge', to: 'uci.get', times: 1 });
    const { text } = await ask('get');
    expect(text.length).toBeGreaterThan(50 * 1024 * 1024);
    expect(text.endsWith('"}]}')).toBe(true);
  });

  test('one that never ends stops when nobody listens, and one that stalls is silent', async () => {
    for (const how of ['endless', 'stalled'] as const) {
      practice.router.misbehave({ how, to: 'uci.get', times: 1 });
      const body = JSON.stringify(callBody(sid, 'uci', 'get', { config: 'firewall' }));
      const socket = connect(Number(new URL(practice.url).port), '127.0.0.1');
      socket.write(`POST /ubus HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      const [first] = await once(socket, 'data');
      expect(String(first)).toContain('200 OK');
      socket.destroy();
      await once(socket, 'close');
    }
    expect((await practice.uci(sid, 'get'))[0]).toBe(0);
  });

  test('fields that nobody knows, in everything but sections', async () => {
    practice.router.faults.unknownFields = true;
    const { result, x_future: future } = JSON.parse((await ask('get', { section: '@zone[0]' })).text);
    expect(future).toBeDefined();
    expect(result[1]).toMatchObject({ x_future: expect.anything(), values: { name: 'lan' } });
    expect(result[1].values).not.toHaveProperty('x_future');
    const dump = JSON.parse((await ask('dump', {}, 'network.interface')).text);
    expect(dump.result[1].interface[0]).toHaveProperty('x_future');
  });

  test('another firmware: bare data, and errors of ubus as errors', async () => {
    practice.router.faults.bareAnswers = true;
    expect(JSON.parse((await ask('get', { section: '@zone[0]' })).text).result.values.name).toBe('lan');
    expect(JSON.parse((await ask('get', { config: 'network' })).text).error).toEqual({
      code: 6,
      message: 'Permission denied',
    });
  });
});

describe('calls', () => {
  test('accepted but unchanged: the apply answers 0, and the file is as before', async () => {
    const before = file();
    await practice.add(sid, 'pf_web');
    practice.router.misbehave({ how: 'unchanged', to: 'uci.apply', times: 1 });
    expect(await practice.call(sid, 'uci', 'apply', { rollback: true })).toEqual([0]);
    expect(file()).toBe(before);
    expect(await practice.chain('dstnat_wan')).toEqual([]);
    expect(await practice.call(sid, 'uci', 'confirm')).toEqual([0]);
    practice.router.misbehave({ how: 'unchanged', to: 'uci.add', times: 1 });
    expect(await practice.add(sid, 'pf_other')).toEqual([0, { section: 'pf_other' }]);
    expect(await practice.uci(sid, 'changes')).toEqual([0, { changes: [] }]);
  });

  test('denied, for some of them, after some, and no longer when it is taken back', async () => {
    practice.router.misbehave({ how: 'denied', to: 'uci.set', after: 1, times: 1 });
    const set = () => practice.uci(sid, 'set', { section: '@zone[0]', values: { log: '1' } });
    expect([await set(), await set(), await set()]).toEqual([[0], [6], [0]]);
    practice.router.misbehave({ how: 'denied' });
    expect(await set()).toEqual([6]);
    practice.router.behave();
    expect(await set()).toEqual([0]);
  });

  test('slow by the clock', async () => {
    practice.router.faults.delay = 5000;
    const waits = new Promise((resolve) => {
      const after = practice.clock.after.bind(practice.clock);
      jest.spyOn(practice.clock, 'after').mockImplementation((ms, callback) => {
        resolve(ms);
        return after(ms, callback);
      });
    });
    const answer = ask('get');
    expect(await waits).toBe(5000);
    practice.clock.advance(4999);
    expect(practice.router.counters.of('uci.get')).toBe(0);
    practice.clock.advance(1);
    expect((await answer).status).toBe(200);
  });
});

describe('power', () => {
  test('a restart in the middle of an apply: nobody takes it back any more', async () => {
    await practice.add(sid, 'pf_web');
    practice.router.misbehave({ how: 'reboot', to: 'uci.apply', times: 1 });
    await expect(practice.call(sid, 'uci', 'apply', { rollback: true, timeout: 30 })).rejects.toThrow(
      /hang up|RESET/,
    );
    expect(practice.router.reboots).toBe(1);
    practice.clock.advance(60_000);
    expect(file()).toContain('pf_web');
    expect(await practice.call(sid, 'uci', 'confirm')).toEqual([-32002]);
    sid = await practice.login();
    expect(await practice.call(sid, 'uci', 'confirm')).toEqual([5]);
    expect(await practice.chain('dstnat_wan')).toHaveLength(1);
  });

  test('what is only staged is lost, and meanwhile nothing answers', async () => {
    await practice.add(sid, 'pf_web');
    await practice.router.powerOff();
    await expect(ask('get')).rejects.toThrow(/ECONNREFUSED/);
    await practice.router.powerOn();
    sid = await practice.login();
    expect(await practice.uci(sid, 'get', { section: 'pf_web' })).toEqual([0]);
  });

  test('it is away for a while, and comes back at the same place', async () => {
    practice.router.faults.downtime = 20_000;
    practice.router.misbehave({ how: 'reboot', to: 'uci.get', times: 1 });
    await expect(ask('get')).rejects.toThrow();
    await expect(ask('get')).rejects.toThrow(/ECONNREFUSED/);
    practice.clock.advance(20_000);
    await practice.router.back();
    expect(JSON.parse((await ask('get')).text).error.code).toBe(-32002);
  });
});

describe('TLS', () => {
  const fingerprint = (url: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(url);
      const socket = tlsConnect({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().fingerprint256);
        socket.destroy();
      });
      socket.on('error', reject);
    });

  test('a certificate that signs itself, another one, and a plain port that sends there', async () => {
    await practice.stop();
    practice = await Practice.start({ tls: true, redirectPlain: true });
    expect(practice.url).toMatch(/^https:/);
    expect(await practice.login()).toMatch(/^[0-9a-f]{32}$/);
    const first = await fingerprint(practice.url);
    const { keyPem: key, certificatePem: cert } = selfSigned({ name: 'OpenWrt' });
    practice.router.present({ key, cert });
    expect(await fingerprint(practice.url)).not.toBe(first);
    const plain = await raw(`${practice.router.plainUrl}/ubus`, { body: '{}' });
    expect([plain.status, plain.headers.location]).toEqual([307, `${practice.url}/ubus`]);
  });

  test('a handshake that fails is no connection: nothing was sent', async () => {
    await practice.stop();
    practice = await Practice.start({ tls: true });
    await expect(
      new Promise((resolve, reject) => {
        const socket = tlsConnect({ port: Number(new URL(practice.url).port), host: '127.0.0.1' }, () =>
          resolve(null),
        );
        socket.on('error', reject);
      }),
    ).rejects.toThrow(/self-signed/);
    expect(practice.router.counters.requests).toBe(0);
  });
});

test('everything is counted: requests, connections, batches, calls and on which connection they came', async () => {
  practice.router.counters.reset();
  await practice.json([
    callBody(sid, 'uci', 'get', { config: 'firewall' }),
    callBody(sid, 'system', 'board'),
  ]);
  await practice.uci(sid, 'get');
  await practice.call('nobody', 'system', 'board');
  const { counters } = practice.router;
  expect(counters).toMatchObject({ requests: 3, batches: 1, connections: 3 });
  expect(counters.all).toEqual({ 'system.board': 2, 'uci.get': 2 });
  expect(counters.calls.map(({ name, code }) => `${name} ${code}`)).toEqual([
    'uci.get 0',
    'system.board 0',
    'uci.get 0',
    'system.board -32002',
  ]);
  const connections = counters.calls.map(({ connection }) => connection);
  expect(connections[0]).toBe(connections[1]);
  expect(new Set(connections).size).toBe(3);
  expect(counters.longestBody).toBeGreaterThan(100);
});

test('other people: LuCI writes at once, and holds the one apply of the device while it waits', async () => {
  const { byHand } = practice.router;
  const name = byHand.add('redirect', web);
  expect(name).toMatch(/^cfg0e/);
  byHand.change(name, { enabled: '0', name: '' });
  byHand.rename(name, 'named');
  expect(byHand.lines('named')).toBe(
    "config redirect 'named'\n\toption target 'DNAT'\n\toption src 'wan'\n\toption dest 'lan'\n\toption proto 'tcp'\n\toption src_dport '443'\n\toption dest_ip '192.168.1.10'\n\toption dest_port '443'\n\toption enabled '0'\n",
  );
  byHand.remove('named');
  expect(byHand.sections('redirect')).toEqual([]);
  const other = practice.router.otherApply({ username: 'portforward', sessionTimeout: 600 });
  expect(await practice.login()).toBe(other.sid);
  other.rollback();
  expect(await practice.login()).not.toBe(other.sid);
});
