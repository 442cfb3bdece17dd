/** One thing that was looked at. */
export interface Finding {
  /** Stable word to match on, such as `wan-private`. */
  readonly check: string;
  /** `skip` = it could not be looked at. */
  readonly status: 'ok' | 'warn' | 'fail' | 'skip';
  readonly message: string;
  /** The next step; always there when the status is `warn` or `fail`. */
  readonly hint?: string;
}
