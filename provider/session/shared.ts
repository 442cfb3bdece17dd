import { onAbort } from './abort';
import { cancelled, ownError, sameFailure } from './failures';

/** One piece of work that many wait for. Each may stop waiting; when the last one does, the work itself is aborted. */
export class Shared<T> {
  /** Never unhandled: whoever waits gets its own copy of a failure. */
  readonly result: Promise<T>;
  private readonly controller = new AbortController();
  private waiting = 0;
  private settled = false;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.result = work(this.controller.signal).finally(() => {
      this.settled = true;
    });
    this.result.catch(() => undefined);
  }

  /** True when everybody left before the end: it must not be joined any more. */
  get abandoned(): boolean {
    return this.controller.signal.aborted;
  }

  wait(signal: AbortSignal): Promise<T> {
    if (signal.aborted) return Promise.reject(cancelled(false));
    this.waiting += 1;
    return new Promise<T>((resolve, reject) => {
      let here = true;
      const leave = (answer: () => void): void => {
        if (!here) return;
        here = false;
        deafen();
        this.waiting -= 1;
        answer();
        if (this.waiting === 0 && !this.settled) this.controller.abort();
      };
      const deafen = onAbort(signal, () => leave(() => reject(cancelled(false))));
      this.result.then(
        (value) => leave(() => resolve(value)),
        (error) => leave(() => reject(sameFailure(ownError(error)))),
      );
    });
  }
}
