import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { MAX_BODY } from '../../../agent/api/limits';
import { cleanUp, Practice, signal, temporary, wanted } from '../support/practice';

let practice: Practice;

beforeEach(async () => {
  practice = await new Practice().start();
});

afterEach(async () => {
  await practice.stop();
  await cleanUp();
});

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly code?: string; readonly message?: string; readonly [key: string]: unknown };
}

interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** One request as any program on the machine could send it. */
function ask({ method = 'GET', path = '/v1/status', headers = {}, body }: Ask = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = request(
      { socketPath: practice.socket, method, path, headers: { host: 'portforward-agent', ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: JSON.parse(text) as Reply['body'],
          }),
        );
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

async function post(body: string, headers: Record<string, string> = {}): Promise<Reply> {
  const etag = String((await ask({ path: '/v1/entries' })).headers.etag);
  return ask({
    method: 'POST',
    path: '/v1/batch',
    body,
    headers: { 'content-type': 'application/json', 'if-match': etag, ...headers },
  });
}

const batch = (...changes: unknown[]) => JSON.stringify({ changes });

function add(change: (forward: Record<string, unknown>) => unknown, extra: object = {}): unknown {
  const { tag, id, forward } = wanted({ name: 'web' });
  return { op: 'add', wanted: { tag, id, forward: change({ ...forward }), ...extra } };
}

describe('who may ask', () => {
  test('answers plain requests with JSON and the version of the interface', async () => {
    const { status, headers, body } = await ask();
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'portforward-api': '1', 'content-type': 'application/json' });
    expect(body).toMatchObject({ api: 1, product: 'portforward-agent', kernel: 'memory', state: 'ok' });
  });

  test.each([
    ['a page of somebody else', { origin: 'https://evil.example' }],
    ['a page that says it is nobody', { origin: 'null' }],
    ['a browser without an origin', { 'sec-fetch-site': 'cross-site' }],
    ['another name (DNS rebinding)', { host: 'evil.example' }],
    ['a name that only begins like ours', { host: 'localhost.evil.example' }],
  ])('refuses %s', async (_, headers) => {
    expect(await ask({ headers })).toMatchObject({ status: 403, body: { code: 'denied' } });
  });

  test.each(['localhost', 'localhost:8080', '127.0.0.1:9', '[::1]:80', 'Portforward-Agent'])(
    'answers to %s',
    async (host) => {
      expect((await ask({ headers: { host } })).status).toBe(200);
    },
  );

  test.each([
    ['/v1/status/', 404],
    ['/v1/status?x=1', 404],
    ['/v1/statusx', 404],
    ['/v1//status', 404],
    ['/V1/status', 404],
    ['/v1/../v1/status', 404],
    ['/', 404],
    ['http://portforward-agent/v1/status', 404],
  ])('matches paths whole: %s', async (path, status) => {
    expect(await ask({ path })).toMatchObject({ status, body: { code: 'invalid' } });
  });

  test('tells a caller of another version in one sentence', async () => {
    const { status, body } = await ask({ path: '/v2/status' });
    expect(status).toBe(404);
    expect(body).toMatchObject({
      code: 'version',
      message: 'This agent speaks version 1 of its interface, the caller version 2.',
      hint: 'Install the same version of portforward on both machines.',
    });
  });

  test('refuses other methods', async () => {
    expect(await ask({ method: 'DELETE' })).toMatchObject({ status: 405, headers: { allow: 'GET' } });
    expect(await ask({ path: '/v1/batch' })).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  test('stops a flood', async () => {
    await practice.stop();
    // With the clock at rest the machine's speed does not matter.
    await practice.start({ tick: () => 0 });
    const statuses: number[] = [];
    for (let round = 0; round < 40; round += 1) {
      const replies = await Promise.all(Array.from({ length: 20 }, () => ask({ path: '/nothing' })));
      statuses.push(...replies.map(({ status }) => status));
    }
    expect(new Set(statuses)).toEqual(new Set([404, 429]));
  });
});

describe('what a batch may say', () => {
  test.each([
    ['no type', {}, 415],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['text that a page may send unasked', { 'content-type': 'text/plain' }, 415],
    ['a compressed body', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, 415],
  ])('refuses %s', async (_, headers, status) => {
    const etag = String((await ask({ path: '/v1/entries' })).headers.etag);
    const sent = {
      method: 'POST',
      path: '/v1/batch',
      body: batch(),
      headers: { 'if-match': etag, ...headers },
    };
    expect((await ask(sent)).status).toBe(status);
  });

  test('needs the generation that it was planned on', async () => {
    const headers = { 'content-type': 'application/json' };
    const sent = { method: 'POST', path: '/v1/batch', body: batch({ op: 'remove', handle: 'x' }), headers };
    expect(await ask(sent)).toMatchObject({ status: 428 });
    expect(await ask({ ...sent, headers: { ...headers, 'if-match': '*' } })).toMatchObject({ status: 428 });
    expect(await ask({ ...sent, headers: { ...headers, 'if-match': '"0-0"' } })).toMatchObject({
      status: 412,
      body: { code: 'stale' },
    });
  });

  test('refuses a body that is too large, told or not', async () => {
    const large = 'x'.repeat(MAX_BODY + 1);
    expect(await post(large)).toMatchObject({ status: 413, body: { hint: 'Apply fewer rules at once.' } });
    expect(await post(large, { 'transfer-encoding': 'chunked' })).toMatchObject({ status: 413 });
    expect((await ask()).status).toBe(200);
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{"changes":'],
    ['no object', '[]'],
    ['no changes', batch()],
    ['an unknown operation', batch({ op: 'flush' })],
    ['an unknown key', JSON.stringify({ changes: [{ op: 'remove', handle: 'x', force: true }] })],
    ['a prototype', '{"changes":[{"op":"remove","handle":"x","__proto__":{"a":1}}]}'],
    ['deep nesting', `{"changes":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
  ])('refuses %s', async (_, body) => {
    const { status, body: reply } = await post(body);
    expect([400, 422]).toContain(status);
    expect(reply.code).toBe('invalid');
    expect(JSON.stringify(reply).length).toBeLessThan(2000);
  });

  const hostile: [string, (forward: Record<string, unknown>) => unknown][] = [
    ['a name for an address', (f) => ({ ...f, target: { kind: 'host', family: 4, address: 'localhost' } })],
    ['octal octets', (f) => ({ ...f, target: { kind: 'host', family: 4, address: '192.168.050.010' } })],
    ['a short address', (f) => ({ ...f, target: { kind: 'host', family: 4, address: '192.168.50' } })],
    ['loopback', (f) => ({ ...f, target: { kind: 'host', family: 4, address: '127.0.0.1' } })],
    ['link-local', (f) => ({ ...f, target: { kind: 'host', family: 4, address: '169.254.1.1' } })],
    ['multicast', (f) => ({ ...f, target: { kind: 'host', family: 4, address: '224.0.0.1' } })],
    ['a host outside the LANs', (f) => ({ ...f, target: { kind: 'host', family: 4, address: '8.8.8.8' } })],
    [
      'the gateway itself by address',
      (f) => ({ ...f, target: { kind: 'host', family: 4, address: '198.51.100.1' } }),
    ],
    [
      'a family that is not the address',
      (f) => ({ ...f, target: { kind: 'host', family: 6, address: '192.168.50.10' } }),
    ],
    [
      'an IPv6 address in capitals',
      (f) => ({ ...f, target: { kind: 'host', family: 6, address: '2001:DB8:50::10' } }),
    ],
    ['a zone', (f) => ({ ...f, target: { kind: 'host', family: 6, address: 'fe80::1%eth0' } })],
    [
      'ruleset text for an address',
      (f) => ({ ...f, target: { kind: 'host', family: 4, address: '1.1.1.1; flush ruleset' } }),
    ],
    ['ruleset text for a WAN', (f) => ({ ...f, wan: 'eth0" accept' })],
    ['a WAN that is not there', (f) => ({ ...f, wan: 'eth9' })],
    ['port 0', (f) => ({ ...f, traffic: [{ protocol: 'tcp', ports: [{ from: 0, to: 0, target: 0 }] }] })],
    [
      'port 65536',
      (f) => ({ ...f, traffic: [{ protocol: 'tcp', ports: [{ from: 65536, to: 65536, target: 1 }] }] }),
    ],
    [
      'a range that runs over the end inside',
      (f) => ({ ...f, traffic: [{ protocol: 'tcp', ports: [{ from: 1, to: 65535, target: 2 }] }] }),
    ],
    [
      'a range backwards',
      (f) => ({ ...f, traffic: [{ protocol: 'tcp', ports: [{ from: 9, to: 8, target: 9 }] }] }),
    ],
    [
      'a fraction of a port',
      (f) => ({ ...f, traffic: [{ protocol: 'tcp', ports: [{ from: 1.5, to: 1.5, target: 1 }] }] }),
    ],
    [
      'unsorted ports',
      (f) => ({
        ...f,
        traffic: [
          {
            protocol: 'tcp',
            ports: [
              { from: 9, to: 9, target: 9 },
              { from: 8, to: 8, target: 8 },
            ],
          },
        ],
      }),
    ],
    [
      'ports twice',
      (f) => ({
        ...f,
        traffic: [
          {
            protocol: 'tcp',
            ports: [
              { from: 9, to: 9, target: 9 },
              { from: 9, to: 9, target: 8 },
            ],
          },
        ],
      }),
    ],
    [
      'another protocol',
      (f) => ({ ...f, traffic: [{ protocol: 'icmp', ports: [{ from: 9, to: 9, target: 9 }] }] }),
    ],
    ['no sources where an empty list could mean everyone', (f) => ({ ...f, sources: [] })],
    ['sources that are no networks', (f) => ({ ...f, sources: ['0.0.0.0/0; drop'] })],
    ['sources with host bits', (f) => ({ ...f, sources: ['203.0.113.7/24'] })],
    ['sources of the other family', (f) => ({ ...f, sources: ['2001:db8::/32'] })],
    ['everyone, spelled as a network', (f) => ({ ...f, sources: ['0.0.0.0/0'] })],
    ['control characters in the description', (f) => ({ ...f, description: 'a\nb' })],
    ['a field of its own', (f) => ({ ...f, comment: 'x' })],
  ];

  test.each(hostile)('refuses %s, and the ruleset never sees it', async (_, change) => {
    const { status, body } = await post(batch(add(change)));
    expect({ status, code: body.code, index: body.index }).toEqual({
      status: 422,
      code: 'invalid',
      index: 0,
    });
    expect((await practice.kernel.read()).ours).toEqual([]);
    expect(practice.kernel.tamper.calls.apply).toBe(0);
  });

  test.each([
    ['a tag of another rule', { tag: wanted({ name: 'other' }).tag }],
    ['ruleset text in the tag', { tag: 'pf1_0123456789abcdef_01234567_0 accept' }],
    ['an id with two names', { id: 'lab/dev/' }],
    ['an id of a thousand signs', { id: `${'x'.repeat(1000)}/y` }],
  ])('refuses %s', async (_, extra) => {
    expect(await post(batch(add((f) => f, extra)))).toMatchObject({ status: 422, body: { index: 0 } });
  });
});

describe('the socket', () => {
  test('is for its user and group alone', () => {
    expect(statSync(practice.socket).mode & 0o777).toBe(0o660);
  });

  test('refuses a directory that everybody may enter', async () => {
    const open = join(temporary(), 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    const other = new Practice();
    await expect(other.start({ socket: join(open, 'agent.sock') })).rejects.toMatchObject({
      code: 'refused',
      hint: expect.stringContaining('chmod o='),
    });
  });

  test('replaces the socket of a dead agent', async () => {
    const other = new Practice();
    const script = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
    const dead = spawnSync(process.execPath, ['-e', script, other.socket]);
    expect(dead.signal).toBe('SIGKILL');
    expect(existsSync(other.socket)).toBe(true);
    await other.start();
    expect((await other.connect().list([], signal)).entries).toEqual([]);
    await other.stop();
  });

  test('leaves a file alone that is no socket', async () => {
    const other = new Practice();
    writeFileSync(other.socket, 'precious');
    await expect(other.start()).rejects.toMatchObject({ summary: expect.stringContaining('no socket') });
    expect(existsSync(other.socket)).toBe(true);
  });

  test('says that a path is too long', async () => {
    const other = new Practice();
    await expect(other.start({ socket: join(other.directory, 'x'.repeat(120)) })).rejects.toMatchObject({
      hint: expect.stringContaining('shorter'),
    });
  });

  test('goes away with the agent', async () => {
    await practice.stop();
    expect(existsSync(practice.socket)).toBe(false);
  });

  test('survives garbage, half a request and a caller who leaves', async () => {
    for (const text of [
      '\0\0\0\0',
      'GET /v1/status HTTP/1.1\r\nHost: localhost\r\n',
      'POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(practice.socket, () => socket.end(text));
        socket.on('close', () => resolve());
        socket.on('error', () => undefined);
        socket.resume();
      });
    }
    expect((await practice.connect().list([], signal)).entries).toEqual([]);
  });
});
