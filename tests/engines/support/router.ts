import { X509Certificate } from 'node:crypto';
import { OpenWrtSimulator } from '../../../lab/simulators/openwrt/simulator';
import { pinOf } from '../../../provider/backends/http/trust';
import { aclFile } from '../../../provider/backends/openwrt/acl';
import { openwrtKind } from '../../../provider/backends/openwrt/kind';
import { traffic } from './traffic';

/** Milliseconds from a written configuration to the reload of the firewall. */
const RELOAD = 50;

/** A simulated OpenWrt router over HTTPS, with the ACL file and the account that its page asks for. */
export class PracticeRouter {
  static readonly username = 'portforward';
  static readonly password = 'forward';

  private constructor(readonly simulator: OpenWrtSimulator) {}

  static async start(): Promise<PracticeRouter> {
    const acl = {
      'unauthenticated.json': { unauthenticated: { read: { ubus: { session: ['access', 'login'] } } } },
      'portforward.json': JSON.parse(aclFile(['wan'], ['lan'])),
    };
    const router = new PracticeRouter(new OpenWrtSimulator({ acl, reloadDelay: RELOAD }));
    await router.simulator.start();
    return router;
  }

  get url(): string {
    return this.simulator.url;
  }

  get pin(): string {
    return pinOf(new X509Certificate(this.simulator.identity?.cert ?? ''));
  }

  /** Our entries as a client of its own sees them in the firewall, as `tcp 443 -> 192.168.1.10:8443`, sorted. */
  async forwards(): Promise<string[]> {
    const { username, password } = PracticeRouter;
    const client = openwrtKind.connect(
      openwrtKind.parse({ url: this.url, username, password, pins: [this.pin] }, {}),
    );
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

  /** The lines of every section that is not ours, byte for byte. */
  foreign(): string[] {
    const { byHand } = this.simulator;
    return byHand
      .sections()
      .filter(({ name }) => !name.startsWith('pf1_'))
      .map(({ name }) => byHand.lines(name) ?? '');
  }

  /** Names of our sections. */
  sections(): string[] {
    return this.simulator.byHand.sections().flatMap(({ name }) => (name.startsWith('pf1_') ? [name] : []));
  }

  async remove(): Promise<void> {
    await this.simulator.stop();
  }
}
