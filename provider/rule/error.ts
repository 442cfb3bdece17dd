/** The codes callers match on; texts may change, codes do not. */
export type ErrorCode =
  | 'invalid' // the declaration is wrong
  | 'unsupported' // this gateway cannot do it
  | 'conflict' // some packet would match two rules
  | 'foreign' // an entry that is not ours is in the way, or may not be adopted
  | 'guard' // it would cut the way by which the gateway is managed
  | 'blocked' // forwarded, but a firewall in front drops it
  | 'unreachable' // no answer at all: nothing is known
  | 'timeout' // no answer in time: the change may or may not have happened
  | 'credential' // the gateway refused who we are
  | 'denied' // we are known, but may not
  | 'stale' // somebody else changed the gateway between look and change
  | 'refused' // the gateway said no; its words are in the message
  | 'unchanged' // the gateway said yes and did nothing
  | 'device' // another device answers than the one recorded
  | 'version' // a firmware or agent we cannot speak with
  | 'cancelled'
  | 'internal';

export interface ErrorOptions {
  /** The next step for the person who reads it, one sentence. */
  readonly hint?: string;
  /** The property at fault, where there is one. */
  readonly property?: string;
  /** True when the same call may succeed later without any change by the user. Default false. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** The one error type of this package: a code to match on, a sentence to read, and the next step. */
export class PortforwardError extends Error {
  override readonly name = 'PortforwardError';
  readonly hint: string | undefined;
  readonly property: string | undefined;
  readonly retryable: boolean;

  constructor(
    readonly code: ErrorCode,
    /** What happened, without the hint. */
    readonly summary: string,
    options: ErrorOptions = {},
  ) {
    super(
      options.hint ? `${summary} ${options.hint}` : summary,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.hint = options.hint;
    this.property = options.property;
    this.retryable = options.retryable ?? false;
  }
}

/** True for our error with one of these codes; also across copies of this package in one process. */
export function hasCode(error: unknown, ...codes: ErrorCode[]): error is PortforwardError {
  return (
    error instanceof Error &&
    error.name === 'PortforwardError' &&
    codes.includes((error as PortforwardError).code)
  );
}
