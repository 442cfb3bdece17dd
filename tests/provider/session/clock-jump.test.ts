import * as kinds from '../../../lab/simulators/memory/kinds';
import { FakeClock } from '../../contract/fake-clock';
import { failure, lab, rule } from './device';

const HOUR = 3_600_000;

/** A clock whose date somebody sets, while time itself goes on as it does. */
class SetClock extends FakeClock {
  private offset = 0;

  override wall(): number {
    return super.wall() + this.offset;
  }

  set(by: number): void {
    this.offset += by;
  }
}

const settle = () => new Promise(setImmediate);

/** Whether a promise has ended by now. */
async function ended(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  const end = () => {
    done = true;
  };
  promise.then(end, end);
  await settle();
  return done;
}

describe.each([
  ['an hour back', -HOUR],
  ['a year forward', 365 * 24 * HOUR],
])('the date is set %s', (_name, jump) => {
  function bench(more: Parameters<typeof lab>[0] = {}) {
    const clock = new SetClock();
    const { gateway, session, ours } = lab(more);
    /** Lets a burst of writes set off, and waits for one of them. */
    const done = async <T>(write: Promise<T>): Promise<T> => {
      await settle();
      clock.advance(80);
      return write;
    };
    return { clock, gateway, ours, done, session: session({ clock }) };
  }

  test('a look serves exactly as long as before', async () => {
    const { clock, gateway, session } = bench();
    await session.list();
    clock.set(jump);
    await session.list();
    clock.advance(5_000);
    await session.list();
    expect(gateway.counts.lists).toBe(1);
    clock.set(jump);
    clock.advance(5_001);
    await session.list();
    expect(gateway.counts.lists).toBe(2);
    // However many read: after a minute it is too old.
    for (let second = 0; second < 61; second += 1) {
      clock.set(jump);
      clock.advance(1_000);
      await session.list();
    }
    expect(gateway.counts.lists).toBe(3);
  });

  test('a burst of writes sets off when it is quiet, neither at once nor never', async () => {
    const { clock, ours, session } = bench();
    const write = session.create(rule('web', 8443));
    await settle();
    clock.set(jump);
    clock.advance(19);
    expect(await ended(write)).toBe(false);
    clock.advance(1);
    await write;
    expect(ours()).toHaveLength(1);
  });

  test('a gateway that hangs is given up at its deadline', async () => {
    const { clock, gateway, session } = bench();
    gateway.faults.delay = Number.POSITIVE_INFINITY;
    const read = failure(session.list());
    await settle();
    clock.set(jump);
    clock.advance(29_999);
    expect(await ended(read)).toBe(false);
    clock.advance(1);
    expect((await read).code).toBe('timeout');
  });

  test('in the middle of a write: the rule is there once, and its state says nothing of the date', async () => {
    const { clock, gateway, ours, done, session } = bench();
    gateway.faults.beforeApply = () => clock.set(jump);
    const state = await done(session.create(rule('web', 8443)));
    expect(ours()).toHaveLength(1);
    clock.set(jump);
    expect(await session.read(state)).toEqual(state);
    expect(await done(session.update(state, rule('web', 8443)))).toEqual(state);
    const moved = await done(session.update(state, rule('web', 8444)));
    expect(await session.read(moved)).toEqual(moved);
    await done(session.delete(moved));
    expect(ours()).toEqual([]);
  });

  test('a lease is due before it ends, whatever the date was when it was written', async () => {
    const { clock, done, session } = bench({ kind: kinds.leased });
    const state = await done(session.create(rule('web', 8443, { lease: 3600 })));
    clock.set(jump);
    const seen = await session.read(state);
    expect(Date.parse(seen?.renewalDue ?? '')).toBeLessThanOrEqual(clock.wall() + 3_600_000);
    expect({ ...seen, renewalDue: '' }).toEqual({ ...state, renewalDue: '' });
  });

  describe("and the machine's own clock is used", () => {
    beforeEach(() => {
      // The date alone can be set; timers are the real ones.
      jest.useFakeTimers({
        doNotFake: [
          'hrtime',
          'nextTick',
          'performance',
          'queueMicrotask',
          'setImmediate',
          'clearImmediate',
          'setInterval',
          'clearInterval',
          'setTimeout',
          'clearTimeout',
        ],
      });
    });
    afterEach(() => jest.useRealTimers());
    const setDate = () => jest.setSystemTime(Date.now() + jump);

    test('a rule lives its life, and one look serves before and after', async () => {
      const { gateway, session, ours } = lab();
      const one = session();
      gateway.faults.beforeApply = setDate;
      const write = one.create(rule('web', 8443));
      // While it waits for others to join its batch.
      setDate();
      const state = await write;
      const lists = gateway.counts.lists;
      expect(await one.read(state)).toEqual(state);
      setDate();
      expect(await one.read(state)).toEqual(state);
      expect(gateway.counts.lists).toBe(lists + 1);
      await one.delete(await one.update(state, rule('web', 8444)));
      expect(ours()).toEqual([]);
    });

    test('a gateway that hangs is given up', async () => {
      const { gateway, session } = lab();
      gateway.faults.delay = Number.POSITIVE_INFINITY;
      const began = performance.now();
      const read = failure(session({ timeout: 100 }).list());
      setDate();
      expect((await read).code).toBe('timeout');
      // A timer may be a millisecond early (libuv rounds).
      expect(performance.now() - began).toBeGreaterThan(98);
    });
  });
});
