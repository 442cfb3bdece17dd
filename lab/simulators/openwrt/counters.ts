import { Tally } from '../tally';

/** One call as it came in. Arguments are not kept: they may hold passwords. */
export interface RecordedCall {
  /** Such as `uci.apply`. */
  readonly name: string;
  /** The number of its TCP connection, from 1 on. */
  readonly connection: number;
  readonly sid: string;
  /** Ubus' code; a negative one is uhttpd's. */
  readonly code: number;
}

/** What came in, counted. */
export class Counters extends Tally<RecordedCall> {
  connections = 0;
  /** HTTP requests. */
  requests = 0;
  /** Requests that held an array of calls. */
  batches = 0;
  /** Bytes of the longest request body. */
  longestBody = 0;

  get calls(): readonly RecordedCall[] {
    return this.items;
  }

  override reset(): void {
    super.reset();
    this.connections = 0;
    this.requests = 0;
    this.batches = 0;
    this.longestBody = 0;
  }
}
