import { PracticeOpenwrt } from '../../../lab/services/practice-openwrt';
import { usualInterfaces } from '../../../lab/simulators/openwrt/network/interfaces';
import { openwrtKind } from '../../../provider/backends/openwrt/kind';
import { traffic } from './traffic';

/** Milliseconds from a written configuration to the reload of the firewall. */
const RELOAD = 50;

/** A simulated OpenWrt router with the network that it has out of the box, an entry made by hand, and a table to look at. */
export class PracticeRouter {
  private constructor(private readonly practice: PracticeOpenwrt) {}

  static async start(): Promise<PracticeRouter> {
    const practice = await PracticeOpenwrt.start({ interfaces: usualInterfaces, reloadDelay: RELOAD });
    return new PracticeRouter(practice);
  }

  get simulator() {
    return this.practice.router;
  }

  /** How a Gateway reaches it, password and all. */
  get reachedBy() {
    const { url, username, password, pin } = this.practice;
    return { url, username, password, pins: [pin] };
  }

  /** Our entries as a client of its own sees them in the firewall, as `tcp 443 -> 192.168.1.10:8443`, sorted. */
  async forwards(): Promise<string[]> {
    const client = openwrtKind.connect(openwrtKind.parse(this.reachedBy, {}));
    const { signal } = new AbortController();
    try {
      await client.open(signal);
      const { entries } = await client.list([], signal);
      return entries
        .filter(({ tag }) => tag !== null)
        .map(({ forward }) => traffic(forward))
        .sort();
    } finally {
      await client.close();
    }
  }

  /** Everything that is not ours, byte for byte. */
  get foreign(): string {
    return this.practice.foreign;
  }

  async remove(): Promise<void> {
    await this.practice.stop();
  }
}
