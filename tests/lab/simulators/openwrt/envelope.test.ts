import { Agent } from 'node:http';
import { callBody, NOBODY, Practice, raw } from './raw';

let practice: Practice;
beforeAll(async () => {
  practice = await Practice.start();
});
afterAll(() => practice.stop());

const login = callBody(NOBODY, 'session', 'login', { username: 'portforward', password: 'forward' });
const post = (body: string) => raw(`${practice.url}/ubus`, { body });
const refusal = (id: unknown, code: number, message: string) => ({
  jsonrpc: '2.0',
  id,
  error: { code, message },
});

test('success, no data and failures of ubus are results; HTTP is 200 for all of them', async () => {
  const agent = new Agent({ keepAlive: true });
  const answer = await raw(`${practice.url}/ubus`, { body: JSON.stringify(login), agent });
  agent.destroy();
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json',
    'transfer-encoding': 'chunked',
    'keep-alive': 'timeout=20',
  });
  expect(answer.headers.date).toBeUndefined();
  const sid = JSON.parse(answer.text).result[1].ubus_rpc_session;
  expect(sid).toMatch(/^[0-9a-f]{32}$/);
  expect(
    await practice.json(callBody(sid, 'uci', 'get', { config: 'firewall', section: 'none' })),
  ).toMatchObject({
    result: [0],
  });
  expect((await practice.json(callBody(sid, 'uci', 'get', {}))).result).toEqual([2]);
  expect((await practice.json(callBody(sid, 'session', 'destroy'))).result).toEqual([0]);
});

test('an array is answered in order, in one array', async () => {
  const sid = await practice.login();
  const before = practice.router.counters.batches;
  const answers = await practice.json([
    { ...callBody(sid, 'uci', 'get', { config: 'nothing' }), id: 'a' },
    7,
    { ...callBody(sid, 'system', 'board'), id: { deep: 1 } },
    { ...callBody(sid, 'no.such.object', 'board'), id: 3 },
  ]);
  expect(answers).toMatchObject([
    { id: 'a', result: [6] },
    refusal(null, -32700, 'Parse error'),
    { id: { deep: 1 }, result: [0, { release: { distribution: 'OpenWrt' } }] },
    refusal(3, -32000, 'Object not found'),
  ]);
  expect(practice.router.counters.batches).toBe(before + 1);
  expect(await practice.json([])).toEqual([]);
});

test.each([
  ['no JSON', '{', null],
  ['an empty body', '', null],
  ['a text', '"call"', null],
  ['no version', JSON.stringify({ ...login, jsonrpc: undefined, id: 5 }), 5],
  ['another version', JSON.stringify({ ...login, jsonrpc: '1.0', id: 5 }), 5],
  ['no method', JSON.stringify({ jsonrpc: '2.0', id: 5, params: [] }), 5],
  ['three parameters', JSON.stringify({ ...login, id: 5, params: [NOBODY, 'session', 'login'] }), 5],
  ['arguments in a list', JSON.stringify({ ...login, id: 5, params: [NOBODY, 'session', 'login', []] }), 5],
  ['a number as session', JSON.stringify({ ...login, id: 5, params: [0, 'session', 'login', {}] }), 5],
])('%s is a parse error', async (_, body, id) => {
  const { status, text } = await post(body);
  expect([status, JSON.parse(text)]).toEqual([200, refusal(id, -32700, 'Parse error')]);
});

test('unknown methods, a session among the arguments, and no id', async () => {
  expect(await practice.json({ jsonrpc: '2.0', id: 1, method: 'dance' })).toEqual(
    refusal(1, -32601, 'Method not found'),
  );
  const sid = await practice.login();
  const doubled = callBody(sid, 'uci', 'get', { config: 'firewall', ubus_rpc_session: sid });
  expect(await practice.json({ ...doubled, id: 9 })).toEqual(refusal(9, -32602, 'Invalid parameters'));
  expect(await practice.json({ ...doubled, id: undefined })).toMatchObject({ id: null });
});

test('65 536 bytes are taken; one more is a parse error, and the connection closes', async () => {
  const text = JSON.stringify(login);
  expect(JSON.parse((await post(text.padEnd(65_536))).text).result[0]).toBe(0);
  const agent = new Agent({ keepAlive: true });
  const answer = await raw(`${practice.url}/ubus`, { body: text.padEnd(65_537), agent });
  agent.destroy();
  expect(JSON.parse(answer.text)).toEqual(refusal(null, -32700, 'Parse error'));
  expect(answer.headers.connection).toBe('close');
});

test('list tells objects, and what their methods ask for', async () => {
  const names = await practice.json({ jsonrpc: '2.0', id: 1, method: 'list' });
  expect(names.result).toEqual(expect.arrayContaining(['file', 'session', 'uci', 'network.interface.wan']));
  const uci = await practice.json({ jsonrpc: '2.0', id: 1, method: 'list', params: ['uci', 'sys*'] });
  expect(uci.result).toMatchObject({
    uci: { apply: { rollback: 'boolean', timeout: 'number' }, commit: { config: 'string' } },
    system: { board: {} },
  });
});

test('other paths and other methods of HTTP', async () => {
  const at = (path: string, method = 'GET') => raw(`${practice.url}${path}`, { method });
  expect((await at('/ubus')).status).toBe(404);
  expect((await at('/ubus/nothing', 'POST')).status).toBe(404);
  expect((await at('/ubus', 'PUT')).status).toBe(400);
  expect((await at('/ubus', 'OPTIONS')).status).toBe(200);
  expect((await at('/ubusx', 'POST')).status).toBe(404);
  expect((await at('/')).text).toContain('cgi-bin/luci');
  expect(JSON.parse((await at('/ubus/list/session')).text)).toMatchObject({ login: { username: 'string' } });
  const slash = await raw(`${practice.url}/ubus/?x=1`, { body: JSON.stringify(login) });
  expect(JSON.parse(slash.text).result[0]).toBe(0);
});

test('newer versions: a path for each object, a bearer token, bare data and errors of ubus as errors', async () => {
  const sid = await practice.login();
  const ask = async (object: string, method: string, params: unknown, token = sid) =>
    JSON.parse(
      (
        await raw(`${practice.url}/ubus/call/${object}`, {
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
          headers: { Authorization: `Bearer ${token}` },
        })
      ).text,
    );
  expect((await ask('system', 'board', {})).result.release.distribution).toBe('OpenWrt');
  expect(await ask('uci', 'get', { config: 'nothing' })).toEqual(refusal(1, 6, 'Permission denied'));
  expect(await ask('uci', 'get', { config: 'firewall', section: 'none' })).toEqual({
    jsonrpc: '2.0',
    id: 1,
    result: null,
  });
  expect(await ask('uci', 'get', {}, 'nobody')).toEqual(refusal(1, -32002, 'Access denied'));
});
