import { status } from '@grpc/grpc-js';
import { brokerService, stdioService } from '../../../../provider/terraform/wire/definitions';
import { cleanUp, PracticeEngine } from './support/practice-engine';

let engine: PracticeEngine;

beforeEach(async () => {
  engine = await PracticeEngine.start();
});

afterEach(cleanUp);

test('hundreds of calls at once are each answered with their own', async () => {
  const states = Array.from({ length: 400 }, (_, index) => Buffer.from(`state ${index}`));
  const replies = await Promise.all(
    states.map((msgpack) => engine.call('readResource', { type_name: 'echo', current_state: { msgpack } })),
  );
  expect(replies.map((reply) => String(reply.new_state.msgpack))).toEqual(states.map(String));
});

test('a message of 40 MB passes both ways', async () => {
  const msgpack = Buffer.alloc(40 * 1024 * 1024, 0x5a);
  const reply = await engine.call('readResource', { type_name: 'echo', current_state: { msgpack } });
  expect(reply.new_state.msgpack.equals(msgpack)).toBe(true);
});

test('a call of the protocol that the provider has not is answered with UNIMPLEMENTED', async () => {
  await expect(engine.call('getFunctions')).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
  const other = await new Promise((resolve) =>
    engine.client(stdioService).makeUnaryRequest(
      '/tfplugin6.Provider/MoveResourceState',
      () => Buffer.alloc(0),
      String,
      {},
      (error) => resolve(error?.code),
    ),
  );
  expect(other).toBe(status.UNIMPLEMENTED);
});

test('bytes that are no message end one call and nothing else', async () => {
  const bytes = Buffer.from('0affffffffffffffff7f', 'hex');
  const code = await new Promise((resolve) =>
    engine.client(stdioService).makeUnaryRequest(
      '/tfplugin6.Provider/ReadResource',
      () => bytes,
      String,
      {},
      (error) => resolve(error?.code),
    ),
  );
  expect(code).toBe(status.INTERNAL);
  expect(await engine.health()).toEqual({ status: 'SERVING' });
});

test('a handler that throws fails its own call, and the log has the place', async () => {
  await expect(engine.call('readResource', { type_name: 'throw' })).rejects.toMatchObject({
    code: status.INTERNAL,
    details: 'this must not happen',
  });
  expect(await engine.health()).toEqual({ status: 'SERVING' });
  await engine.started.until(() => engine.started.stderr.includes('\n'));
  expect(engine.started.log[0]).toMatchObject({
    '@level': 'error',
    '@message': 'readResource failed: this must not happen',
    stack: expect.stringContaining('practice-provider'),
  });
});

test('what code prints becomes a line of the log, and stdout stays the engine’s', async () => {
  await engine.call('readResource', { type_name: 'print' });
  await engine.started.until(() => engine.started.stderr.includes('\n'));
  const [line] = engine.started.log;
  expect(line).toMatchObject({ '@level': 'info', '@message': "printed with { some: 'object' }" });
  // The one form that the engines' logger reads.
  expect(line?.['@timestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  expect(engine.started.stdout).toHaveLength(1);
});

test('StopProvider asks running calls to stop, and the process serves on', async () => {
  const waiting = engine.call('readResource', { type_name: 'wait' });
  await engine.started.until(() => engine.started.notes.includes('waiting'));
  expect(await engine.call('stopProvider')).toEqual({ Error: '' });
  expect((await waiting).diagnostics).toMatchObject([{ severity: 'WARNING', summary: 'stopped in time' }]);
  expect(engine.started.notes).toContain('stopped: The engine was asked to stop.');
  // A later call is not born cancelled.
  const later = engine.begin('readResource', { type_name: 'wait' }, undefined);
  await engine.started.until(() => engine.started.notes.filter((note) => note === 'waiting').length === 2);
  later.cancel();
  await expect(later.reply).rejects.toMatchObject({ code: status.CANCELLED });
});

test('a call that the engine gives up is told so', async () => {
  const call = engine.begin('readResource', { type_name: 'wait' });
  await engine.started.until(() => engine.started.notes.includes('waiting'));
  call.cancel();
  await expect(call.reply).rejects.toMatchObject({ code: status.CANCELLED });
  // The next answer comes after the cancellation on the same connection.
  await engine.call('readResource', { type_name: 'print' });
  expect(engine.started.notes).toContain('stopped: The engine gave the call up.');
});

test('the streams of every plugin stay open and end with it', async () => {
  const stdio = engine
    .client(stdioService)
    .makeServerStreamRequest('/plugin.GRPCStdio/StreamStdio', () => Buffer.alloc(0), String, {});
  const broker = engine
    .client(brokerService)
    .makeBidiStreamRequest('/plugin.GRPCBroker/StartStream', () => Buffer.alloc(0), String);
  const received: unknown[] = [];
  const ends = [stdio, broker].map(
    (stream) => new Promise((resolve) => stream.on('data', (data) => received.push(data)).on('end', resolve)),
  );
  broker.write({});
  expect(await engine.health()).toEqual({ status: 'SERVING' });
  await engine.shutdown();
  await Promise.all(ends);
  expect(received).toEqual([]);
  expect(await engine.started.ended()).toBe(0);
});
