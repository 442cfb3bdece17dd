import type { SimulatorClock } from '../clock';

export interface Pinhole {
  readonly id: number;
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly internalClient: string;
  readonly internalPort: number;
  /** 6 = TCP, 17 = UDP. */
  readonly protocol: number;
  /** In milliseconds of the clock: none is for ever. */
  readonly expires: number;
  readonly packets: number;
}

export type PinholeTuple = Omit<Pinhole, 'id' | 'expires' | 'packets'>;

const tupleOf = (one: PinholeTuple): string =>
  [one.remoteHost, one.remotePort, one.internalClient, one.internalPort, one.protocol].join(' ');

/** Openings to IPv6 hosts. Nothing lists them: who has forgotten the number has only the tuple to ask by. */
export class Pinholes {
  /** Whether there is a firewall at all (702). */
  firewall = true;
  /** Whether anybody may open it (703). */
  allowed = true;
  private kept = new Map<number, Pinhole>();
  private made = 0;

  constructor(private readonly clock: SimulatorClock) {}

  get all(): readonly Pinhole[] {
    const now = this.clock.now();
    for (const { id, expires } of this.kept.values()) if (expires <= now) this.kept.delete(id);
    return [...this.kept.values()];
  }

  find(id: number): Pinhole | undefined {
    return this.all.find((one) => one.id === id);
  }

  /** The one that lets the same through. */
  same(tuple: PinholeTuple): Pinhole | undefined {
    return this.all.find((one) => tupleOf(one) === tupleOf(tuple));
  }

  /** The same tuple again is the same pinhole, with a new lease (WANIPv6FirewallControl:1 2.5.3). */
  open(tuple: PinholeTuple, lease: number): Pinhole {
    const before = this.same(tuple);
    if (!before) this.made += 1;
    const { id, packets } = before ?? { id: this.made, packets: 0 };
    const pinhole = { ...tuple, id, packets, expires: this.clock.now() + lease * 1000 };
    this.kept.set(id, pinhole);
    return pinhole;
  }

  close(id: number): void {
    this.kept.delete(id);
  }

  /** Packets come through. */
  traffic(id: number, packets: number): void {
    const pinhole = this.find(id);
    if (pinhole) this.kept.set(id, { ...pinhole, packets: pinhole.packets + packets });
  }

  /** Gives what puts everything back as it is now. */
  memento(): () => void {
    const [kept, made] = [new Map(this.kept), this.made];
    return () => {
      this.kept = kept;
      this.made = made;
    };
  }

  /** As after a reboot: all are gone, and numbers begin with 1 again. */
  restart(): void {
    this.kept = new Map();
    this.made = 0;
  }
}
