import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { selfSigned } from '../../../../provider/certificate/self-signed';
import {
  cleanUp,
  ENGINE_ENV,
  PROVIDER,
  PracticeEngine,
  Started,
  start,
  temporary,
} from './support/practice-engine';

afterEach(cleanUp);

const waits = (started: Started) => started.until(() => started.stderr.includes('waiting'));

test('Shutdown is answered, closes the sessions and ends the process', async () => {
  const engine = await PracticeEngine.start();
  await engine.call('getProviderSchema');
  expect(await engine.shutdown()).toEqual({});
  expect(await engine.started.ended()).toBe(0);
  expect(engine.started.notes).toEqual(['closed 1']);
});

test('a session that does not close, and a call that does not end, hold nothing up for long', async () => {
  const engine = await PracticeEngine.start({ PRACTICE_CLOSE: 'never' });
  const deaf = expect(engine.call('readResource', { type_name: 'deaf' })).rejects.toBeTruthy();
  await waits(engine.started);
  await engine.shutdown();
  expect(await engine.started.ended()).toBe(0);
  await deaf;
  expect(engine.started.notes).toEqual(['closed 1']);
});

test('SIGINT is not for us: the engine decides what becomes of a running call', async () => {
  const engine = await PracticeEngine.start();
  const waiting = engine.call('readResource', { type_name: 'wait' });
  await waits(engine.started);
  for (let round = 0; round < 3; round++) {
    engine.started.child.kill('SIGINT');
    expect(await engine.health()).toEqual({ status: 'SERVING' });
  }
  expect(engine.started.notes).toEqual(['waiting']);
  await engine.call('stopProvider');
  expect((await waiting).diagnostics).toHaveLength(1);
});

test('SIGINT during the start is not for us either', async () => {
  const early = join(__dirname, 'support', 'interrupt-early.js');
  const engine = await PracticeEngine.greet(
    new Started(['--require', early, ...PROVIDER], ENGINE_ENV),
    selfSigned(),
  );
  expect(await engine.health()).toEqual({ status: 'SERVING' });
});

test.each(['SIGTERM', 'SIGHUP'] as const)(
  '%s lets running calls answer, then ends the process',
  async (signal) => {
    const place = temporary();
    const engine = await PracticeEngine.start({ TMPDIR: place });
    const waiting = engine.call('readResource', { type_name: 'wait' });
    await waits(engine.started);
    engine.started.child.kill(signal);
    expect((await waiting).diagnostics).toMatchObject([{ summary: 'stopped in time' }]);
    expect(await engine.started.ended()).toBe(0);
    expect(engine.started.notes).toEqual([
      'waiting',
      'stopped: A signal asked this process to end.',
      'closed 1',
    ]);
    expect(readdirSync(place)).toEqual([]);
  },
);

test('a second SIGTERM ends it at once', async () => {
  const engine = await PracticeEngine.start();
  const deaf = expect(engine.call('readResource', { type_name: 'deaf' })).rejects.toBeTruthy();
  await waits(engine.started);
  engine.started.child.kill('SIGTERM');
  await engine.started.until(() => engine.started.stderr.includes('A signal asked'));
  engine.started.child.kill('SIGTERM');
  expect(await engine.started.ended()).toBe(1);
  await deaf;
});

test('when the engine is killed the provider stops its calls, closes its sessions and leaves', async () => {
  const place = temporary();
  const identity = selfSigned();
  const script = join(__dirname, 'support', 'engine-process.js');
  const env = { ...ENGINE_ENV, TMPDIR: place, PLUGIN_CLIENT_CERT: identity.certificatePem };
  const parent = new Started([script, ...PROVIDER], env);
  const engine = await PracticeEngine.greet(parent, identity);
  // Only in this test does somebody still hear the answer.
  const waiting = engine.call('readResource', { type_name: 'wait' }).catch(() => undefined);
  await parent.until(() => parent.notes.includes('waiting'));
  // The provider holds the engine's stderr open for as long as it lives.
  const gone = once(parent.child, 'close');
  parent.child.kill('SIGKILL');
  await gone;
  await waiting;
  expect(parent.notes).toEqual([
    'waiting',
    'stopped: The program that started this process is gone.',
    'closed 1',
  ]);
  expect(readdirSync(place)).toEqual([]);
});

test('an engine that is gone before the handshake leaves nothing running', async () => {
  const place = temporary();
  const started = start([], { ...ENGINE_ENV, TMPDIR: place });
  started.child.stdout?.destroy();
  expect(await started.ended()).toBe(1);
  expect(readdirSync(place)).toEqual([]);
});
