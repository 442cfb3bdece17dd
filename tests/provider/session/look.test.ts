import { PortforwardError } from '../../../provider/rule/error';
import { never } from '../../../provider/session/abort';
import { type Look, Looks } from '../../../provider/session/look';
import { FakeClock } from '../../contract/fake-clock';

const info = {} as Look['info'];

/** Looks over a device that answers only when told to. */
function slow() {
  const clock = new FakeClock();
  const asked: {
    handles: readonly string[];
    signal: AbortSignal;
    answer(): void;
    fail(error: Error): void;
  }[] = [];
  const looks = new Looks(
    clock,
    (handles, signal, began) =>
      new Promise((resolve, reject) => {
        began();
        const look: Look = { info, table: { generation: String(asked.length), entries: [] } };
        asked.push({ handles, signal, answer: () => resolve(look), fail: reject });
      }),
  );
  const read = (signal = never()) => looks.forRead(() => ['h'], signal);
  return { clock, asked, looks, read };
}

const settle = () => new Promise(setImmediate);

test('a look under way is joined', async () => {
  const { asked, read } = slow();
  const readers = [read(), read(), read()];
  asked[0]?.answer();
  const seen = await Promise.all(readers);
  expect(new Set(seen).size).toBe(1);
  expect(asked).toHaveLength(1);
});

test('a finished look serves until 5 s after its last reader', async () => {
  const { clock, asked, read } = slow();
  const first = read();
  asked[0]?.answer();
  await first;
  for (const wait of [5_000, 4_000, 5_000]) {
    clock.advance(wait);
    await read();
  }
  expect(asked).toHaveLength(1);
  clock.advance(5_001);
  read();
  expect(asked).toHaveLength(2);
});

test('it serves no longer than 60 s, however many read', async () => {
  const { clock, asked, read } = slow();
  const first = read();
  asked[0]?.answer();
  await first;
  for (let second = 0; second < 60; second += 1) {
    clock.advance(1_000);
    await read();
  }
  expect(asked).toHaveLength(1);
  clock.advance(1_000);
  read();
  expect(asked).toHaveLength(2);
});

test('our own write drops it, under way or not', async () => {
  const { asked, looks, read } = slow();
  const early = read();
  looks.drop();
  const late = read();
  expect(asked).toHaveLength(2);
  asked[0]?.answer();
  asked[1]?.answer();
  expect((await early).table.generation).toBe('0');
  expect((await late).table.generation).toBe('1');
});

test('all who wait get the failure, each an error of its own, and the next read looks again', async () => {
  const { asked, read } = slow();
  const readers = [read(), read()];
  asked[0]?.fail(new PortforwardError('denied', 'No.', { hint: 'Ask.' }));
  const results = await Promise.allSettled(readers);
  const errors = results.map((result) => result.status === 'rejected' && result.reason);
  expect(errors[0]).toMatchObject({ code: 'denied', hint: 'Ask.' });
  expect(errors[0]).not.toBe(errors[1]);
  read();
  expect(asked).toHaveLength(2);
});

test('silence serves as long as it took to find out', async () => {
  const { clock, asked, read } = slow();
  const first = read();
  clock.advance(30_000);
  asked[0]?.fail(new PortforwardError('timeout', 'Nothing.'));
  await expect(first).rejects.toMatchObject({ code: 'timeout' });
  clock.advance(29_000);
  await expect(read()).rejects.toMatchObject({ code: 'timeout' });
  expect(asked).toHaveLength(1);
  clock.advance(2_000);
  read();
  expect(asked).toHaveLength(2);
});

test('a quick refusal to connect does not serve at all: the gateway may be back', async () => {
  const { clock, asked, read } = slow();
  const first = read();
  asked[0]?.fail(new PortforwardError('unreachable', 'Refused.'));
  await expect(first).rejects.toMatchObject({ code: 'unreachable' });
  clock.advance(1);
  read();
  expect(asked).toHaveLength(2);
});

test('when the last reader gives up the look is aborted, and nobody joins it', async () => {
  const { asked, read } = slow();
  const [one, two] = [new AbortController(), new AbortController()];
  const readers = Promise.allSettled([read(one.signal), read(two.signal)]);
  one.abort();
  expect(asked[0]?.signal.aborted).toBe(false);
  two.abort();
  expect(asked[0]?.signal.aborted).toBe(true);
  expect(await readers).toMatchObject([{ reason: { code: 'cancelled' } }, { reason: { code: 'cancelled' } }]);
  read();
  expect(asked).toHaveLength(2);
  asked[0]?.fail(new Error('too late'));
  await settle();
});

test('what was asked for by handle is asked again with more, where the device hides the rest', async () => {
  const { asked, looks, read } = slow();
  const first = read();
  asked[0]?.answer();
  await first;
  const second = looks.including(() => ['h', 'i'], ['i'], never());
  expect(asked[1]?.handles).toEqual(['h', 'i']);
  asked[1]?.answer();
  await second;
  await looks.including(() => ['h', 'i'], ['h'], never());
  expect(asked).toHaveLength(2);
});
