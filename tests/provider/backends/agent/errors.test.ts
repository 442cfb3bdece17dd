import { chmodSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { agentKind } from '../../../../provider/backends/agent/kind';
import type { Backend } from '../../../../provider/backends/backend';
import { cleanUp, Practice, signal, temporary, wanted } from '../../../agent/support/practice';

const servers: Server[] = [];
const backends: Backend[] = [];

afterEach(async () => {
  await Promise.all(backends.splice(0).map((backend) => backend.close()));
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  await cleanUp();
});

function connect(socket: string): Backend {
  const backend = agentKind.connect(agentKind.parse({ socket }, {}));
  backends.push(backend);
  return backend;
}

/** Something at the socket that answers everything alike. */
async function answering(status: number, headers: Record<string, string>, body: string): Promise<Backend> {
  const socket = join(temporary(), 'agent.sock');
  const server = createServer((_, response) => response.writeHead(status, headers).end(body));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return connect(socket);
}

describe('what a person reads when', () => {
  test('there is no socket', async () => {
    await expect(connect('/nowhere/agent.sock').open(signal)).rejects.toMatchObject({
      code: 'unreachable',
      summary: 'There is no socket of portforward-agent at /nowhere/agent.sock.',
      hint: expect.stringContaining('ssh -L'),
    });
  });

  test('nobody listens at it any more', async () => {
    const practice = new Practice();
    const { spawnSync } = await import('node:child_process');
    const script = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', script, practice.socket]);
    await expect(practice.connect().open(signal)).rejects.toMatchObject({
      code: 'unreachable',
      summary: expect.stringContaining('Nobody listens'),
      hint: expect.stringContaining('systemctl start'),
    });
  });

  test('it is no socket', async () => {
    const file = join(temporary(), 'file');
    writeFileSync(file, '');
    await expect(connect(file).open(signal)).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('this user may not open it', async () => {
    const practice = await new Practice().start();
    chmodSync(practice.socket, 0);
    const user = process.geteuid?.() ?? -1;
    // Root may open everything: become nobody for the moment of the call.
    if (user === 0) process.seteuid?.(65534);
    try {
      await expect(practice.connect().open(signal)).rejects.toMatchObject({
        code: 'unreachable',
        summary: expect.stringContaining('may not be opened'),
        hint: expect.stringContaining('group'),
      });
    } finally {
      if (user === 0) process.seteuid?.(0);
    }
    await practice.stop();
  });

  test('an agent of another version answers', async () => {
    const body = JSON.stringify({ code: 'version', message: 'x' });
    for (const status of [200, 404]) {
      const backend = await answering(status, { 'portforward-api': '2' }, body);
      await expect(backend.open(signal)).rejects.toMatchObject({
        code: 'version',
        summary: 'The agent speaks version 2 of its interface, this portforward speaks version 1.',
      });
    }
  });

  test('another program answers', async () => {
    const backend = await answering(200, {}, '{}');
    await expect(backend.list([], signal)).rejects.toMatchObject({
      code: 'version',
      summary: expect.stringContaining('is not portforward-agent'),
    });
  });

  test('the agent answers in a shape that nobody knows', async () => {
    const backend = await answering(
      200,
      { 'portforward-api': '1' },
      '{"generation":"1","entries":[{"tag":5}]}',
    );
    await expect(backend.list([], signal)).rejects.toMatchObject({
      code: 'version',
      summary: expect.stringContaining('entries.0.'),
    });
  });

  test('the agent dies in the middle of a batch', async () => {
    const practice = await new Practice().start();
    const backend = practice.connect();
    const { generation } = await backend.list([], signal);
    let open = () => {};
    practice.kernel.tamper.hold(
      () =>
        new Promise<void>((resolve) => {
          open = resolve;
        }),
    );
    const deadline = AbortSignal.timeout(300);
    await expect(
      backend.apply([{ op: 'add', wanted: wanted({ name: 'web' }) }], { generation, signal: deadline }),
    ).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('may have happened') });
    open();
    await practice.stop();
  });
});

test('a status with more than we know is read all the same', async () => {
  const practice = await new Practice().start({ managementPorts: [22, 8443] });
  const info = await practice.connect().open(signal);
  expect(info).toMatchObject({
    product: expect.stringContaining('practice'),
    wans: [{ name: 'wan0', addresses: ['198.51.100.1'] }],
    lans: ['192.168.50.0/24', '2001:db8:50::/64'],
    addresses: ['198.51.100.1', '192.168.50.1', '2001:db8:50::1'],
    management: [
      { protocol: 'tcp', port: 22, service: 'SSH' },
      { protocol: 'tcp', port: 8443, service: 'management' },
    ],
    problems: [],
  });
  expect(await practice.connect().publicAddress?.(signal)).toEqual(['198.51.100.1']);
  await practice.stop();
});

test('a status of an older agent, which does not tell its own addresses, is read too', async () => {
  const practice = await new Practice().start();
  const { addresses, ...older } = await practice.status();
  await practice.stop();
  expect(addresses).toHaveLength(3);
  const backend = await answering(200, { 'portforward-api': '1' }, JSON.stringify(older));
  expect(await backend.open(signal)).toMatchObject({ lans: older.lans, addresses: [] });
});
