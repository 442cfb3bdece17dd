import { PortforwardError } from '../../../provider/rule/error';
import { never } from '../../../provider/session/abort';
import { Batches, type Waiting } from '../../../provider/session/batch';
import { cancelled } from '../../../provider/session/failures';
import type { Intent } from '../../../provider/session/intent';
import { Lane } from '../../../provider/session/lane';
import { FakeClock } from '../../contract/fake-clock';

const settle = () => new Promise(setImmediate);

/** Batches over a worker that ends when told to. */
function bench() {
  const clock = new FakeClock();
  const lane = new Lane();
  const runs: {
    batch: readonly Waiting<string>[];
    signal: AbortSignal;
    end(): void;
    fail(error: Error): void;
  }[] = [];
  const batches = new Batches<string>(
    clock,
    lane,
    (_, begun) => cancelled(begun),
    (batch, signal) =>
      new Promise((resolve, reject) => {
        runs.push({
          batch,
          signal,
          end: () => {
            for (const one of batch) one.resolve(one.intent.id);
            resolve();
          },
          fail: reject,
        });
      }),
  );
  const submit = (id: string, signal = never()) => batches.submit({ kind: 'delete', id } as Intent, signal);
  /** Lets the lingering end. */
  const go = async (): Promise<void> => {
    await settle();
    clock.advance(80);
    await settle();
  };
  return { clock, lane, runs, batches, submit, go };
}

test('what comes in a burst is one batch; what comes meanwhile is the next', async () => {
  const { clock, runs, submit, go } = bench();
  const first = [submit('a'), submit('b')];
  clock.advance(10);
  first.push(submit('c'));
  await go();
  expect(runs.map(({ batch }) => batch.map(({ intent }) => intent.id))).toEqual([['a', 'b', 'c']]);
  const second = [submit('d'), submit('e')];
  await go();
  expect(runs).toHaveLength(1);
  runs[0]?.end();
  await go();
  expect(runs[1]?.batch.map(({ intent }) => intent.id)).toEqual(['d', 'e']);
  runs[1]?.end();
  expect(await Promise.all([...first, ...second])).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a steady trickle does not hold a batch back for ever', async () => {
  const { clock, runs, submit } = bench();
  for (let index = 0; index < 8; index += 1) {
    submit(`r${index}`);
    await settle();
    clock.advance(15);
    await settle();
  }
  expect(runs).toHaveLength(1);
});

test('two writes for one rule never share a batch, and keep their order', async () => {
  const { runs, submit, go } = bench();
  const writes = [submit('a'), submit('a'), submit('b'), submit('a')];
  for (let run = 0; run < 3; run += 1) {
    await go();
    runs[run]?.end();
    await settle();
  }
  await Promise.all(writes);
  expect(runs.map(({ batch }) => batch.map(({ intent }) => intent.id).join())).toEqual(['a,b', 'a', 'a']);
});

test('a caller that gives up while queued is never run', async () => {
  const { runs, submit, go } = bench();
  const stop = new AbortController();
  const gone = submit('a', stop.signal);
  const stays = submit('b');
  stop.abort();
  await expect(gone).rejects.toMatchObject({
    code: 'cancelled',
    message: expect.stringContaining('before anything'),
  });
  await go();
  expect(runs[0]?.batch.map(({ intent }) => intent.id)).toEqual(['b']);
  runs[0]?.end();
  await stays;
});

test('when all of a batch have given up its work is aborted, not before', async () => {
  const { runs, submit, go } = bench();
  const [one, two] = [new AbortController(), new AbortController()];
  const writes = Promise.allSettled([submit('a', one.signal), submit('b', two.signal)]);
  await go();
  one.abort();
  expect(runs[0]?.signal.aborted).toBe(false);
  two.abort();
  expect(runs[0]?.signal.aborted).toBe(true);
  expect(await writes).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  // The next batch has a signal of its own.
  const next = submit('c');
  runs[0]?.fail(new Error('aborted'));
  await go();
  expect(runs[1]?.signal.aborted).toBe(false);
  runs[1]?.end();
  expect(await next).toBe('c');
});

test('a batch that fails fails everybody in it, each with an error of its own, and nobody else', async () => {
  const { runs, submit, go } = bench();
  const writes = Promise.allSettled([submit('a'), submit('b')]);
  await go();
  const next = submit('c');
  runs[0]?.fail(new PortforwardError('unreachable', 'Nothing answers.'));
  const [a, b] = await writes;
  expect(a).toMatchObject({ reason: { code: 'unreachable' } });
  expect(a?.status === 'rejected' && b?.status === 'rejected' && a.reason !== b.reason).toBe(true);
  await go();
  runs[1]?.end();
  expect(await next).toBe('c');
});

test('finish sets off what waits, and ends when all is settled', async () => {
  const { runs, batches, submit } = bench();
  const write = submit('a');
  await settle();
  const finished = batches.finish();
  await settle();
  expect(runs).toHaveLength(1);
  runs[0]?.end();
  await finished;
  expect(await write).toBe('a');
});

test('while writes keep coming, a batch waits for company by what the last one took', async () => {
  const { clock, runs, submit, go } = bench();
  void submit('a');
  void submit('b');
  await go();
  clock.advance(400);
  runs[0]?.end();
  await settle();
  // One every 150 ms: each comes within half of the 400 ms that the last batch took.
  for (let index = 0; index < 40 && runs.length < 2; index += 1) {
    void submit(`r${index}`);
    await settle();
    clock.advance(150);
    await settle();
  }
  // Set off when it had waited for 3 s, the most it ever waits.
  expect(runs[1]?.batch).toHaveLength(20);
});

test('a write that comes alone waits for nobody, however long the last one took', async () => {
  const { clock, runs, submit, go } = bench();
  for (let index = 0; index < 3; index += 1) {
    const write = submit(`r${index}`);
    await settle();
    clock.advance(20);
    await settle();
    expect(runs).toHaveLength(index + 1);
    clock.advance(400);
    runs[index]?.end();
    await write;
  }
  await go();
  expect(runs).toHaveLength(3);
});
