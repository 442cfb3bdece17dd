import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { HttpClient, type HttpPlace } from '../../../../provider/backends/http/client';

const servers: Server[] = [];
const clients: HttpClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** A server that answers the n-th connection with the n-th bytes, the last ones again and again. */
async function raw(...answers: readonly string[]): Promise<{ origin: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      seen.push(data.toString());
      socket.end(answers[Math.min(seen.length, answers.length) - 1] ?? '');
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function client(origin: string, more: Partial<HttpPlace> = {}): HttpClient {
  const one = new HttpClient({ origin, label: 'the router', lenient: true, ...more });
  clients.push(one);
  return one;
}

const signal = () => AbortSignal.timeout(10_000);
const get = (one: HttpClient) => one.request({ method: 'GET', path: '/d.xml?x=1', signal: signal() });
const post = (one: HttpClient, idempotent: boolean) =>
  one.request({
    method: 'POST',
    path: '/ctl',
    body: 'é',
    headers: { SOAPAction: '"a"' },
    idempotent,
    signal: signal(),
  });

const BARE = 'HTTP/1.1 200 OK\nX-Y: z\nContent-Length: 2\n\nok';

test.each([
  ['bare line feeds', BARE],
  ['a control character in a header', 'HTTP/1.1 200 OK\r\nServer: a\u0001b\r\nContent-Length: 2\r\n\r\nok'],
  ['a folded header', 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nok'],
  [
    'a length beside chunks',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n',
  ],
])('%s: read after one lenient retry, and leniently from then on', async (_, bytes) => {
  const { origin, seen } = await raw(bytes);
  const one = client(origin);
  expect(await get(one)).toMatchObject({ status: 200, text: 'ok' });
  expect(seen).toHaveLength(2);
  expect(await get(one)).toMatchObject({ text: 'ok' });
  expect(seen).toHaveLength(3);
  expect(seen[2]).toMatch(/^GET \/d\.xml\?x=1 HTTP\/1\.1\r\n/);
});

test('headers and body go out as before', async () => {
  const { origin, seen } = await raw(BARE);
  expect(await post(client(origin), true)).toMatchObject({ text: 'ok', headers: { 'x-y': 'z' } });
  expect(seen).toHaveLength(2);
  expect(seen[1]).toContain('SOAPAction: "a"\r\n');
  expect(seen[1]).toMatch(/content-length: 2\r\n/i);
  expect(seen[1]).toMatch(/\r\n\r\né$/);
});

test('what may change something is not sent again: it may have happened', async () => {
  const { origin, seen } = await raw(BARE);
  const one = client(origin);
  await expect(post(one, false)).rejects.toMatchObject({ code: 'timeout', retryable: true });
  expect(seen).toHaveLength(1);
  // But the next one is read, for by now it is known how this router writes.
  expect(await post(one, false)).toMatchObject({ text: 'ok' });
  expect(seen).toHaveLength(2);
});

test('without being asked for, there is no lenience', async () => {
  const { origin, seen } = await raw(BARE);
  await expect(get(client(origin, { lenient: false }))).rejects.toMatchObject({ code: 'refused' });
  expect(seen).toHaveLength(1);
});

test.each([
  ['no HTTP at all', 'hello'],
  ['a page without a header', '<html>'],
  ['two lengths', 'HTTP/1.1 200 OK\nContent-Length: 2\nContent-Length: 3\n\nok'],
])('%s is no HTTP either way', async (_, bytes) => {
  const { origin, seen } = await raw(bytes);
  await expect(get(client(origin))).rejects.toMatchObject({
    code: 'refused',
    summary: 'The router does not speak HTTP.',
  });
  expect(seen).toHaveLength(2);
});

test('the answer is bounded', async () => {
  const { origin } = await raw(BARE, `HTTP/1.1 200 OK\n\n${'x'.repeat(2000)}`);
  await expect(get(client(origin, { maxAnswer: 1000 }))).rejects.toMatchObject({
    code: 'refused',
    summary: expect.stringContaining('more than 1000 bytes'),
  });
});

test('so is the time', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\nContent-Length: 9\n\nok'));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const one = client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const request = { method: 'GET', path: '/', signal: AbortSignal.timeout(300) } as const;
  await expect(one.request(request)).rejects.toMatchObject({ code: 'timeout' });
});

test('nobody there is as unreachable as ever', async () => {
  const { origin } = await raw(BARE);
  const one = client(origin);
  await get(one);
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  await expect(get(one)).rejects.toMatchObject({ code: 'unreachable' });
});
