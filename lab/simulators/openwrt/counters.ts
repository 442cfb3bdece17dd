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

/** Remembered calls; the oldest are forgotten. */
const KEPT = 10_000;

/** What came in, counted. */
export class Counters {
  connections = 0;
  /** HTTP requests. */
  requests = 0;
  /** Requests that held an array of calls. */
  batches = 0;
  /** Bytes of the longest request body. */
  longestBody = 0;
  calls: RecordedCall[] = [];
  private counts = new Map<string, number>();

  record(call: RecordedCall): void {
    this.calls.push(call);
    if (this.calls.length > KEPT) this.calls = this.calls.slice(-KEPT / 2);
    this.counts.set(call.name, this.of(call.name) + 1);
  }

  /** How often this was called, such as `uci.get`. */
  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** All kinds of calls with their numbers. */
  get all(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  reset(): void {
    this.connections = 0;
    this.requests = 0;
    this.batches = 0;
    this.longestBody = 0;
    this.calls = [];
    this.counts = new Map();
  }
}
