import { PortforwardError } from '../rule/error';
import { onAbort } from './abort';
import { cancelled, ownError } from './failures';
import type { Clock } from './options';

/**
 * Runs one call to the device with a deadline and a way to cancel it. Answers in time even if the call ignores its
 * signal; such a call's late outcome is dropped. Throws `timeout` after `ms`, `cancelled` when `signal` aborts.
 */
export function bounded<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  what: string,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal.aborted) return Promise.reject(cancelled(false));
  return new Promise<T>((resolve, reject) => {
    const controller = new AbortController();
    const stop = (error: PortforwardError): void => {
      finish();
      reject(error);
      controller.abort(error);
    };
    const cancelTimer = clock.after(ms, () => stop(tooLate(what, ms)));
    const deafen = onAbort(signal, () => stop(cancelled(true)));
    const finish = (): void => {
      cancelTimer();
      deafen();
    };
    // A call that throws before its first await must not skip the clean-up.
    Promise.resolve()
      .then(() => call(controller.signal))
      .then(resolve, (thrown) => reject(ownError(thrown)))
      .finally(finish);
  });
}

function tooLate(what: string, ms: number): PortforwardError {
  return new PortforwardError('timeout', `The gateway did not answer within ${seconds(ms)} (${what}).`, {
    hint: 'Look whether it is overloaded or the way to it is broken, then run again.',
    retryable: true,
  });
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`;
}
