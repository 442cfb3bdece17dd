/** One thing that was looked at. */
export interface Finding {
  /** Stable word to match on, such as `wan-private`. */
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** The next step; always there unless the status is `ok`. */
  readonly hint?: string;
}
