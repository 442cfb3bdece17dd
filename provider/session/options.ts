import type { About } from './warnings';

/** Who we are to a gateway; the same for every rule of one configured gateway. */
export interface SessionOptions {
  /** Whose rules these are: `<project>/<stack>` by default. */
  readonly owner: string;
  /** The gateway's name in the program, for messages and for state. */
  readonly gatewayName: string;
  /** Kind and normalised url or path, for state: another endpoint is another place. */
  readonly endpoint: string;
  /** What a refresh does while the gateway does not answer. Default `fail`. */
  readonly unreachable?: 'fail' | 'keep';
  /** Milliseconds that one call to the device may take. Default 30 000. */
  readonly timeout?: number;
  /** Seconds that an expiring mapping shall still live when it is renewed. Default half of what the gateway granted. */
  readonly renewBefore?: number;
  /** Receives warnings for the user (kept state, old entries on another endpoint). Default: dropped. */
  readonly warn?: (message: string, about?: About) => void;
  readonly clock?: Clock;
}

/** Time, injectable for tests. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Milliseconds since 1970, for the dates that go into state. Default: the system's. */
  wall?(): number;
  /**
   * Calls back once after `ms`; returns how to cancel. Keeps the process alive only with `hold`, which short waits
   * take while a caller awaits an answer and nothing else is open.
   */
  after(ms: number, callback: () => void, hold?: boolean): () => void;
}
