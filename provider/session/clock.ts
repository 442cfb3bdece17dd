import { onAbort } from './abort';
import type { Clock } from './options';

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, callback, hold = false) {
    const timer = setTimeout(callback, ms);
    if (!hold) timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Waits `ms`, or less when the signal aborts; never throws. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let stop = (): void => {};
    const cancel = clock.after(
      ms,
      () => {
        stop();
        resolve();
      },
      true,
    );
    stop = onAbort(signal, () => {
      cancel();
      resolve();
    });
  });
}
