/** One request or datagram as it came in. */
export interface RecordedPacket {
  /** An action's name, `description`, `scpd`, `other` for HTTP besides; `search` for an M-SEARCH. */
  readonly name: string;
  /** Where from. */
  readonly from: string;
  /** Of an action: 0 for success, else its code. */
  readonly code: number;
  readonly args: ReadonlyMap<string, string>;
}

/** Remembered packets; the oldest are forgotten. */
const KEPT = 10_000;

/** What came in and what was sent, counted by kind. */
export class Counters {
  /** TCP connections. */
  connections = 0;
  /** Bytes that connections which are over by now have taken. */
  bytesTaken = 0;
  /** Answers to searches. */
  searchAnswers = 0;
  packets: RecordedPacket[] = [];
  private counts = new Map<string, number>();

  record(packet: RecordedPacket): void {
    this.packets.push(packet);
    if (this.packets.length > KEPT) this.packets = this.packets.slice(-KEPT / 2);
    this.counts.set(packet.name, this.of(packet.name) + 1);
  }

  /** How often this came, such as `AddPortMapping`. */
  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** All kinds with their numbers. */
  get all(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  reset(): void {
    this.connections = 0;
    this.bytesTaken = 0;
    this.searchAnswers = 0;
    this.packets = [];
    this.counts = new Map();
  }
}
