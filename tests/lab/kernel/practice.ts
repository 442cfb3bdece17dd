import type { KernelEntry } from '../../../agent/kernel/kernel';
import { Lab } from '../../../lab/namespaces/lab';
import type { Host } from '../../../lab/namespaces/network';
import type { Call, Reply } from '../../../lab/services/wire';
import { GatewayKernel, type GatewayOptions } from './gateway-kernel';

/** A lab whose gateway is run by the nftables kernel, and what the tests ask of it. */
export class Practice {
  private held: readonly KernelEntry[] = [];

  private constructor(
    readonly lab: Lab,
    readonly kernel: GatewayKernel,
  ) {}

  static async start(options?: GatewayOptions): Promise<Practice> {
    const lab = await Lab.start();
    return new Practice(lab, GatewayKernel.start(lab, options));
  }

  /** An empty table of ours, no tracked connection, no host firewall. */
  async clean(): Promise<void> {
    await this.lab.firewall('open');
    await this.kernel.restore([]);
    await this.lab.forgetConnections();
    this.held = [];
  }

  /** Changes what is forwarded, from whatever it was. */
  async forward(...entries: readonly KernelEntry[]): Promise<void> {
    await this.kernel.apply(this.held, entries);
    this.held = entries;
  }

  /** Who answered and as whom the caller was seen, without ports of their own; or why nobody did. */
  async tcp(host: Host, call: Call): Promise<string> {
    return said(await this.lab.on(host).tcp({ timeout: 1500, ...call }));
  }

  async udp(host: Host, call: Call & { readonly text?: string }): Promise<string> {
    return said(await this.lab.on(host).udp({ timeout: 1500, ...call }));
  }

  /** Runs a command on the gateway, and gives what it prints. Throws when it fails. */
  async gateway(...argv: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.lab.exec('gateway', argv);
    if (code !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
    return stdout;
  }

  async counters(entry: KernelEntry): Promise<{ connections: number; denied: number } | undefined> {
    return (await this.kernel.counters()).byTag[entry.tag];
  }

  async stop(): Promise<void> {
    await this.kernel.stop();
    await this.lab.stop();
  }
}

function said(reply: Reply): string {
  return reply.ok ? reply.text.replace(/:\d+( hello)?$/, '') : reply.reason;
}
