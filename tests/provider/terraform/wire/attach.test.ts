import { existsSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { Caller, cleanUp, type Started, start, temporary } from './support/practice-engine';

let started: Started;
let value: Record<
  string,
  { Addr: { Network: string; String: string }; Pid: number; [field: string]: unknown }
>;
let socket: string;

beforeEach(async () => {
  started = start(['--attach'], {});
  await started.until(() => started.stdout.some((line) => line.includes('Ctrl-C')));
  const line = started.stdout.find((text) => text.startsWith('export TF_REATTACH_PROVIDERS=')) ?? '';
  value = JSON.parse(line.slice(line.indexOf("'") + 1, -1));
  socket = Object.values(value)[0]?.Addr.String as string;
});

afterEach(cleanUp);

test('the value to set names the running process under the default hosts of both engines', () => {
  expect(Object.keys(value)).toEqual([
    'registry.terraform.io/portforward/portforward',
    'registry.opentofu.org/portforward/portforward',
  ]);
  for (const one of Object.values(value))
    expect(one).toEqual({
      Protocol: 'grpc',
      ProtocolVersion: 6,
      Pid: started.child.pid,
      Test: true,
      Addr: { Network: 'unix', String: socket },
    });
});

test('each connection has a provider of its own, as if each engine had started a process', async () => {
  const descriptions = [];
  for (const caller of [new Caller(socket), new Caller(socket)])
    for (let round = 0; round < 2; round++)
      descriptions.push((await caller.call('getProviderSchema')).provider.block.description);
  expect(descriptions).toEqual(['provider 1', 'provider 1', 'provider 2', 'provider 2']);
});

test('an engine that goes takes its calls and its sessions along, and nobody else’s', async () => {
  const line = await cuttable(socket);
  const [leaving, staying] = [new Caller(line.path), new Caller(socket)];
  const schema = await leaving.call('getProviderSchema');
  expect(schema.provider.block.description).toBe('provider 1');
  const dropped = expect(leaving.call('readResource', { type_name: 'wait' })).rejects.toBeTruthy();
  await started.until(() => started.notes.includes('waiting'));
  const kept = staying.call('readResource', { type_name: 'wait' });
  await started.until(() => started.notes.length === 2);
  line.cut();
  await dropped;
  await started.until(() => started.stderr.includes('provider 1 closed'));
  expect(started.notes.filter((note) => note.startsWith('stopped'))).toHaveLength(1);
  expect(started.notes).not.toContain('closed 2');
  await staying.call('stopProvider');
  expect((await kept).diagnostics).toMatchObject([{ summary: 'stopped in time' }]);
});

/** A way to the socket that ends as abruptly as an engine that is killed. */
async function cuttable(target: string): Promise<{ path: string; cut(): void }> {
  const path = join(temporary(), 's');
  const ends: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(target);
    ends.push(near, far);
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    path,
    cut: () => {
      server.close();
      for (const end of ends) end.destroy();
    },
  };
}

test('Ctrl-C ends it, tidily', async () => {
  await new Caller(socket).call('getProviderSchema');
  started.child.kill('SIGINT');
  expect(await started.ended()).toBe(0);
  expect(started.notes).toEqual(['closed 1']);
  expect(existsSync(dirname(socket))).toBe(false);
});
