import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { type HttpAnswer, HttpClient } from '../../../../provider/backends/http/client';
import { PortforwardError } from '../../../../provider/rule/error';
import { cleanUp, temporary } from '../../../agent/support/practice';

/** A server that answers every connection with these bytes, or as `answer` does, after the request's headers. */
async function raw(
  answer: string | ((write: (text: string) => void, end: () => void) => void),
): Promise<string> {
  const path = join(temporary(), 'raw.sock');
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      if (typeof answer === 'string') socket.end(answer);
      else
        answer(
          (text) => void socket.write(text),
          () => socket.destroy(),
        );
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return path;
}

const servers: Server[] = [];
const clients: HttpClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  await cleanUp();
});

function get(
  socketPath: string,
  signal = new AbortController().signal,
  maxAnswer?: number,
): Promise<HttpAnswer> {
  const client = new HttpClient({
    origin: 'http://device',
    socketPath,
    label: 'the device',
    headers: { authorization: 'Bearer canary-secret' },
    ...(maxAnswer === undefined ? {} : { maxAnswer }),
  });
  clients.push(client);
  return client.request({ method: 'GET', path: '/x', signal });
}

const http = (status: string, body: string, headers = '') =>
  `HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;

describe('the one HTTP module', () => {
  test('gives status, headers and the body as JSON, whatever the status', async () => {
    const answer = await get(await raw(http('418 Teapot', '{"a":1}', 'x-y: z\r\n')));
    expect(answer).toMatchObject({ status: 418, json: { a: 1 }, headers: { 'x-y': 'z' } });
  });

  test('takes a body that is no JSON for text', async () => {
    expect(await get(await raw(http('200 OK', '<html>')))).toMatchObject({
      json: undefined,
      excerpt: '<html>',
    });
  });

  test('follows no redirect: the credential stays here', async () => {
    expect((await get(await raw(http('302 Found', '', 'location: http://evil/\r\n')))).status).toBe(302);
  });

  test.each<[string, string | Parameters<typeof raw>[0], string, boolean]>([
    ['a connection that breaks before the answer', (_, end) => end(), 'timeout', true],
    [
      'a connection that breaks in the answer',
      (write, end) => {
        write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{');
        end();
      },
      'timeout',
      true,
    ],
    ['an answer that is no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'refused', false],
    ['an answer without end', http('200 OK', 'x'.repeat(5000)), 'refused', false],
  ])('calls %s by its right name', async (_, answer, code, retryable) => {
    await expect(get(await raw(answer), undefined, 1000)).rejects.toMatchObject({
      code,
      retryable,
      message: expect.not.stringContaining('canary'),
    });
  });

  test('says unreachable only when nothing was sent', async () => {
    await expect(get(join(temporary(), 'nothing.sock'))).rejects.toMatchObject({
      code: 'unreachable',
      summary: 'The device cannot be reached (ENOENT).',
      retryable: true,
    });
  });

  test('ends with the deadline, and with the reason that it was given', async () => {
    const silent = await raw(() => undefined);
    await expect(get(silent, AbortSignal.timeout(50))).rejects.toMatchObject({
      code: 'timeout',
      retryable: true,
    });
    await expect(get(silent, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    const reason = new PortforwardError('timeout', 'my own words');
    await expect(get(silent, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
