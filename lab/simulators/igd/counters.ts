import { Tally } from '../tally';

/** One request or datagram as it came in. */
export interface RecordedPacket {
  /** An action's name such as `AddPortMapping`, `description`, `scpd`, `other` for HTTP besides; `search` for an M-SEARCH. */
  readonly name: string;
  /** Where from. */
  readonly from: string;
  /** Of an action: 0 for success, else its code. */
  readonly code: number;
  readonly args: ReadonlyMap<string, string>;
}

/** What came in and what was sent, counted by kind. */
export class Counters extends Tally<RecordedPacket> {
  /** TCP connections. */
  connections = 0;
  /** Bytes that connections which are over by now have taken. */
  bytesTaken = 0;
  /** Answers to searches. */
  searchAnswers = 0;

  get packets(): readonly RecordedPacket[] {
    return this.items;
  }

  override reset(): void {
    super.reset();
    this.connections = 0;
    this.bytesTaken = 0;
    this.searchAnswers = 0;
  }
}
