import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHttpTarget } from '../../../../provider/backends/http/arguments';
import { HttpClient } from '../../../../provider/backends/http/client';
import { showKey } from '../../../../provider/backends/http/show-key';
import type { Trust } from '../../../../provider/backends/http/trust';
import { selfSigned } from '../../../../provider/certificate/self-signed';
import type { PortforwardError } from '../../../../provider/rule/error';

/** A device with a certificate of its own; tells what it was sent. */
interface Device {
  readonly url: string;
  readonly pem: string;
  readonly requests: string[];
  readonly server: Server;
}

const devices: Device[] = [];
const clients: HttpClient[] = [];
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pf-tls-'));
});

afterEach(async () => {
  delete process.env.PORTFORWARD_TRACE;
  await Promise.all(clients.splice(0).map((client) => client.close()));
  for (const { server } of devices.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  rmSync(folder, { recursive: true });
});

async function device(name = 'OpenWrt', addresses: readonly string[] = []): Promise<Device> {
  const { keyPem, certificatePem } = selfSigned({ name, addresses });
  const requests: string[] = [];
  const server = createServer({ key: keyPem, cert: certificatePem }, (incoming, outgoing) => {
    requests.push(`${incoming.method} ${incoming.url} ${incoming.headers.authorization ?? ''}`);
    if (incoming.url === '/break') return void incoming.socket.destroy();
    outgoing.setHeader('content-type', 'application/json');
    outgoing.end(JSON.stringify({ port: incoming.socket.remotePort, token: 'made-by-the-device' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const made = {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pem: certificatePem,
    requests,
    server,
  };
  devices.push(made);
  return made;
}

function client(origin: string, trust?: Trust, connections = 4): HttpClient {
  const made = new HttpClient({
    origin,
    label: 'the router',
    headers: { authorization: 'Basic canary-credential' },
    secrets: ['canary-password'],
    connections,
    ...(trust ? { trust } : {}),
  });
  clients.push(made);
  return made;
}

const get = (from: HttpClient, path = '/x', more: object = {}) =>
  from.request({ method: 'GET', path, signal: new AbortController().signal, ...more });

async function failure(promise: Promise<unknown>): Promise<PortforwardError> {
  return promise.then(
    () => {
      throw new Error('it succeeded');
    },
    (error) => error,
  );
}

const pinFor = async ({ url }: Device): Promise<string> =>
  (await showKey(url, AbortSignal.timeout(5000))).pin;

test('by default a self-signed certificate is refused before anything is sent, with the way out', async () => {
  const router = await device();
  const error = await failure(get(client(router.url)));
  expect(error).toMatchObject({ code: 'unreachable' });
  expect(error.message).toContain('self-signed');
  expect(error.hint).toContain('portforward gateway trust');
  expect(router.requests).toEqual([]);
});

test('a pinned key is enough; of two pins either', async () => {
  const [router, other] = [await device(), await device()];
  const pins = [await pinFor(other), await pinFor(router)];
  expect((await get(client(router.url, { pins }))).status).toBe(200);
  expect((await get(client(other.url, { pins }))).status).toBe(200);
});

test('another key than the pinned one gets no request and no credential', async () => {
  const [router, imposter] = [await device(), await device()];
  const error = await failure(get(client(imposter.url, { pins: [await pinFor(router)] })));
  expect(error.code).toBe('unreachable');
  expect(error.message).toContain(await pinFor(imposter));
  expect(error.message).toContain('Nothing was sent');
  expect(imposter.requests).toEqual([]);
});

test('pins hold over a connection of its own too, and over plain http there is no key', async () => {
  const [router, imposter] = [await device(), await device()];
  const pins = [await pinFor(router)];
  expect((await get(client(router.url, { pins }), '/x', { fresh: true })).status).toBe(200);
  expect((await failure(get(client(imposter.url, { pins }), '/x', { fresh: true }))).code).toBe(
    'unreachable',
  );
});

test('a CA file is believed, but only for the name that the certificate is for', async () => {
  const router = await device('router.lan', ['127.0.0.1']);
  const stranger = await device('router.lan');
  expect((await get(client(router.url, { ca: router.pem }))).status).toBe(200);
  const error = await failure(get(client(stranger.url, { ca: stranger.pem })));
  expect(error.message).toContain('for another name');
  expect(stranger.requests).toEqual([]);
});

test('insecure believes anybody, by the explicit word alone', async () => {
  const router = await device();
  expect((await get(client(router.url, { insecure: true }))).status).toBe(200);
});

test('a kept connection is used again, and a fresh one is another', async () => {
  const router = await device();
  const kept = client(router.url, { insecure: true }, 1);
  const ports = [];
  for (const fresh of [false, false, true, false]) ports.push((await get(kept, '/x', { fresh })).json);
  const [first, second, third, fourth] = ports.map((json) => (json as { port: number }).port);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
  expect(fourth).toBe(first);
});

test('what changes nothing is sent once more when the connection breaks; what may change something never is', async () => {
  const router = await device();
  const from = client(router.url, { insecure: true });
  expect((await failure(get(from, '/break'))).code).toBe('timeout');
  expect(router.requests).toHaveLength(2);
  const posted = from.request({
    method: 'POST',
    path: '/break',
    json: {},
    signal: new AbortController().signal,
  });
  expect((await failure(posted)).code).toBe('timeout');
  expect(router.requests).toHaveLength(3);
});

test('a trace shows the exchange without any secret', async () => {
  const router = await device();
  const file = join(folder, 'trace.txt');
  process.env.PORTFORWARD_TRACE = file;
  const from = client(router.url, { insecure: true });
  from.hide('session-of-ours');
  await from.request({
    method: 'POST',
    path: '/login?sid=session-of-ours',
    json: { user: 'ada', password: 'canary-password', note: 'say canary-password' },
    signal: new AbortController().signal,
  });
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('POST');
  expect(text).toContain('ada');
  expect(text).toContain('200');
  for (const secret of ['canary-password', 'canary-credential', 'session-of-ours', 'made-by-the-device'])
    expect(text).not.toContain(secret);
});

describe('the arguments of a gateway that is reached over HTTP', () => {
  const read = (args: object) => readHttpTarget(args as Record<string, unknown>, {});

  test('the URL is normalised', () => {
    expect(read({ url: 'HTTPS://Router.LAN:443/' }).url).toBe('https://router.lan');
    expect(read({ url: 'https://192.168.1.1:8443/cgi/' }).url).toBe('https://192.168.1.1:8443/cgi');
    expect(readHttpTarget({}, { PORTFORWARD_URL: 'https://10.0.0.1' }).url).toBe('https://10.0.0.1');
  });

  test.each<[object, string, RegExp]>([
    [{}, 'url', /missing/],
    [{ url: 'router' }, 'url', /no URL/],
    [{ url: 'ftp://router' }, 'url', /"ftp:\/\/" is not spoken/],
    [{ url: 'http://192.168.1.1' }, 'url', /not encrypted/],
    [{ url: 'https://root:canary@192.168.1.1' }, 'url', /user name or password/],
    [{ url: 'https://r/?a=b' }, 'url', /goes on after its path/],
    [{ url: 'https://r', pins: [] }, 'pins', /0 pins/],
    [{ url: 'https://r', pins: ['sha256/abc'] }, 'pins', /no pin/],
    [{ url: 'https://r', caFile: '/nonexistent' }, 'caFile', /ENOENT/],
  ])('%j is refused', (args, property, words) => {
    try {
      read(args);
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid', property });
      expect((error as Error).message).toMatch(words);
      expect((error as Error).message).not.toContain('canary');
      return;
    }
    throw new Error('accepted');
  });

  test('a CA file must hold a certificate', async () => {
    const file = join(folder, 'ca.pem');
    writeFileSync(file, 'no certificate');
    expect(() => read({ url: 'https://r', caFile: file })).toThrow(/no PEM certificate/);
    const router = await device('router.lan', ['127.0.0.1']);
    writeFileSync(file, router.pem);
    const { url, trust } = read({ url: router.url, caFile: file });
    expect((await get(client(url, trust))).status).toBe(200);
  });

  test('http is possible on this very machine, and by the explicit word', () => {
    expect(read({ url: 'http://127.0.0.1:8080' }).url).toBe('http://127.0.0.1:8080');
    expect(read({ url: 'http://192.168.1.1', insecure: true }).trust.insecure).toBe(true);
  });
});

describe('the key that a device shows', () => {
  test('tells pin, names and why it is not believed; sends no request', async () => {
    const router = await device('OpenWrt');
    expect(await showKey(router.url, AbortSignal.timeout(5000))).toMatchObject({
      pin: expect.stringMatching(/^sha256\/.{44}$/),
      subject: 'CN=OpenWrt',
      untrusted: expect.stringMatching(/SELF_SIGNED/),
      pem: expect.stringContaining('BEGIN CERTIFICATE'),
    });
    expect(router.requests).toEqual([]);
  });

  test.each([
    ['http://192.168.1.1', 'invalid'],
    ['router', 'invalid'],
    ['https://127.0.0.1:1', 'unreachable'],
  ])('%s is an error', async (url, code) => {
    expect((await failure(showKey(url, AbortSignal.timeout(5000)))).code).toBe(code);
  });
});
