import { BlockList, isIPv4 } from 'node:net';
import type { SimulatorClock } from '../clock';
import { MappingTable } from './table';

export interface SimulatedConnection {
  /** Default `ip`. */
  readonly kind?: 'ip' | 'ppp';
  /** Default `Connected`. */
  readonly status?: string;
  /** What it says its public address is. Default 203.0.113.7, which for this router is a public one. */
  readonly address?: string;
}

/** Addresses that no packet from the internet comes to. Those of RFC 5737 count as public here, for practice. */
const closed = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  closed.addSubnet(net, bits);

/** One way to the internet: a WANIPConnection or WANPPPConnection, with its own table. */
export class Connection {
  readonly kind: 'ip' | 'ppp';
  status: string;
  address: string;
  readonly table: MappingTable;
  /** In milliseconds of the clock. */
  private since: number;

  constructor(
    { kind = 'ip', status = 'Connected', address = '203.0.113.7' }: SimulatedConnection,
    private readonly clock: SimulatorClock,
  ) {
    this.kind = kind;
    this.status = status;
    this.address = address;
    this.since = clock.now();
    this.table = new MappingTable(() => clock.now());
  }

  /** Its type without `urn:schemas-upnp-org:service:`. There is no WANPPPConnection:2. */
  typeFor(version: 1 | 2): string {
    return this.kind === 'ppp' ? 'WANPPPConnection:1' : `WANIPConnection:${version}`;
  }

  /** Seconds that it has been up. */
  get uptime(): number {
    return Math.floor((this.clock.now() - this.since) / 1000);
  }

  get isPublic(): boolean {
    return isIPv4(this.address) && !closed.check(this.address);
  }

  /** As after a reboot: it counts its time anew, and nothing is mapped. */
  restart(): void {
    this.since = this.clock.now();
    this.table.clear();
  }
}
