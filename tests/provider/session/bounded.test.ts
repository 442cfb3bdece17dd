import { never, onAbort } from '../../../provider/session/abort';
import { bounded } from '../../../provider/session/bounded';
import { FakeClock } from '../../contract/fake-clock';

test('answers in time though the call ignores its signal, and drops the late outcome', async () => {
  const clock = new FakeClock();
  let fail: (error: Error) => void = () => {};
  const call = bounded(
    clock,
    500,
    never(),
    'reading',
    () =>
      new Promise((_, reject) => {
        fail = reject;
      }),
  );
  await new Promise(setImmediate);
  clock.advance(500);
  await expect(call).rejects.toMatchObject({
    code: 'timeout',
    retryable: true,
    message: expect.stringContaining('500 ms'),
  });
  fail(new Error('too late'));
  await new Promise(setImmediate);
  expect(clock.waiting).toBe(0);
});

test('aborts the call when the caller gives up', async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  let seen: AbortSignal | null = null;
  const call = bounded(clock, 500, stop.signal, 'reading', (signal) => {
    seen = signal;
    return new Promise(() => {});
  });
  await new Promise(setImmediate);
  stop.abort();
  await expect(call).rejects.toMatchObject({ code: 'cancelled' });
  expect(seen).toMatchObject({ aborted: true });
  expect(clock.waiting).toBe(0);
});

test('a call that throws at once, or throws no error of ours, is an error of ours', async () => {
  const clock = new FakeClock();
  const call = bounded(clock, 500, never(), 'reading', () => {
    throw new TypeError('x is not a function');
  });
  await expect(call).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('x is not a function'),
  });
  expect(clock.waiting).toBe(0);
});

test('one signal may serve hundreds of calls without a warning of the runtime', async () => {
  const warnings: string[] = [];
  const listen = (warning: Error): number => warnings.push(warning.message);
  process.on('warning', listen);
  const stop = new AbortController();
  let heard = 0;
  const stops = Array.from({ length: 300 }, () =>
    onAbort(stop.signal, () => {
      heard += 1;
    }),
  );
  stops[0]?.();
  stop.abort();
  await new Promise(setImmediate);
  process.off('warning', listen);
  expect(heard).toBe(299);
  expect(warnings).toEqual([]);
});
