import { randomUUID, X509Certificate } from 'node:crypto';
import { pinOf } from '../../provider/backends/http/trust';
import { aclFile } from '../../provider/backends/openwrt/acl';
import { addresses } from '../namespaces/network';
import type { SimulatedInterface } from '../simulators/openwrt/network/interfaces';
import type { OpenWrtOptions } from '../simulators/openwrt/options';
import { OpenWrtSimulator } from '../simulators/openwrt/simulator';

/** Its devices inside and outside. */
export const LAN = 'br-lan';
export const WAN = 'eth1';

const interfaces: readonly SimulatedInterface[] = [
  { name: 'loopback', device: 'lo', proto: 'static', addresses: ['127.0.0.1/8'] },
  { name: 'lan', device: LAN, proto: 'static', addresses: [`${addresses.gateway.lan}/24`] },
  {
    name: 'wan',
    device: WAN,
    proto: 'dhcp',
    addresses: [`${addresses.gateway.wan}/24`],
    gateways: [addresses.internet.isp],
  },
];

/** An OpenWrt router in this process, set up as docs/gateways/openwrt.md says, with the addresses of the practice network. */
export class PracticeOpenwrt {
  readonly username = 'portforward';

  private constructor(
    readonly router: OpenWrtSimulator,
    /** Another one each time: whoever finds it somewhere knows where it comes from. */
    readonly password: string,
  ) {}

  /** `options` = in what it differs from that. */
  static async start(options: OpenWrtOptions = {}): Promise<PracticeOpenwrt> {
    const password = randomUUID();
    const router = new OpenWrtSimulator({
      interfaces,
      accounts: [{ username: 'portforward', password, read: ['portforward'], write: ['portforward'] }],
      // The rights of the file that is shipped, and no more.
      acl: {
        'unauthenticated.json': { unauthenticated: { read: { ubus: { session: ['access', 'login'] } } } },
        'portforward.json': JSON.parse(aclFile(['wan'], ['lan'])),
      },
      ...options,
    });
    router.byHand.add('redirect', {
      name: 'Made in LuCI',
      src: 'wan',
      src_dport: '2222',
      dest: 'lan',
      dest_ip: addresses.desk.lan,
      dest_port: '22',
      proto: 'tcp',
      target: 'DNAT',
    });
    await router.start();
    return new PracticeOpenwrt(router, password);
  }

  get url(): string {
    return this.router.url;
  }

  /** Of its key, as `portforward gateway trust` prints it. */
  get pin(): string {
    const { identity } = this.router;
    if (!identity) throw new Error('it serves no HTTPS');
    return pinOf(new X509Certificate(identity.cert));
  }

  /** Everything in its firewall configuration that is not ours, as text. */
  get foreign(): string {
    const { byHand } = this.router;
    const others = byHand.sections().filter(({ name }) => !isOurs(name));
    return others.map(({ name }) => byHand.lines(name)).join('\n');
  }

  /** Names of our sections. */
  get ours(): readonly string[] {
    const names = this.router.byHand.sections().map(({ name }) => name);
    return names.filter(isOurs);
  }

  /** Makes somebody's change, and waits until the firewall has loaded it. */
  async change(by: (hand: OpenWrtSimulator['byHand']) => void): Promise<void> {
    const done = this.router.device.firewall.reloaded();
    by(this.router.byHand);
    await done;
  }

  stop(): Promise<void> {
    return this.router.stop();
  }
}

/** Our sections bear the tag as their name. */
function isOurs(section: string): boolean {
  return section.startsWith('pf1_');
}
