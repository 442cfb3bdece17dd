import { get } from 'node:http';
import type { AgentOptions, LabAgent } from '../../namespaces/agent';
import { Lab } from '../../namespaces/lab';
import { addresses } from '../../namespaces/network';
import type { RunProgram } from '../engine';
import { quickstart } from '../examples';
import type { Loss, Obstacle, Tampering, Visitor, World } from '../world';
import { blocked, flushed } from './linux-host';
import { Packets } from './packets';
import { retargeted } from './retargeted';
import { soon } from './soon';

/** The agent on the lab's gateway: packets move through this machine's kernel, in namespaces of their own. */
export class AgentWorld implements World {
  readonly mode = 'real';
  readonly title = 'real packets through a Linux router in network namespaces of this machine';
  readonly example = quickstart;
  readonly environment = {};
  readonly tampering: Tampering;
  readonly loss: Loss;
  readonly obstacle: Obstacle;
  private readonly packets: Packets;
  private healedBefore = 0;

  private constructor(
    readonly lab: Lab,
    readonly agent: LabAgent,
  ) {
    this.packets = new Packets(lab, addresses.gateway.wan);
    this.tampering = retargeted(this.example, () => this.tamper());
    this.loss = flushed(
      () => this.flush(),
      () => soon(async () => (await this.heals()) > this.healedBefore),
    );
    this.obstacle = blocked({
      place: () => this.block(),
      doctor: ['--socket', this.socket],
      clear: (line) => this.admit(line),
    });
  }

  /** Starts lab, agent and what is to be reached. */
  static async start(agentOptions: AgentOptions = {}): Promise<AgentWorld> {
    const lab = await Lab.start();
    try {
      const agent = await lab.startAgent(agentOptions);
      // Both machines in the LAN would answer, so that one sees to whom a connection went.
      for (const host of ['server', 'desk'] as const) {
        for (const port of [quickstart.internalPort, quickstart.externalPort]) await lab.on(host).greet(port);
      }
      await lab.on('internet').greet(quickstart.externalPort, addresses.internet.site);
      return new AgentWorld(lab, agent);
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  get socket(): string {
    return this.agent.socket;
  }

  get settings() {
    return { socket: this.socket };
  }

  get directory(): string {
    return this.lab.directory;
  }

  readonly run: RunProgram = (argv, options) => this.lab.exec('desk', argv, options);

  visit(from: Visitor, port: number) {
    return this.packets.visit(from, port);
  }

  bystander(port: number) {
    return this.packets.bystander(port);
  }

  async foreign(): Promise<string> {
    const { stdout } = await this.lab.exec('gateway', ['nft', 'list', 'ruleset']);
    return stdout
      .split(/^(?=table )/m)
      .filter((table) => !table.startsWith('table inet portforward '))
      .join('');
  }

  stop(): Promise<void> {
    return this.lab.stop();
  }

  private async tamper(): Promise<string> {
    const listing = (await this.lab.exec('gateway', ['nft', '-a', 'list', 'table', 'inet', 'portforward']))
      .stdout;
    let chain = '';
    for (const line of listing.split('\n')) {
      chain = /^\s*chain (\S+)/.exec(line)?.[1] ?? chain;
      const found = /^\s*(.*dnat ip to )192\.168\.50\.10(\S*) # handle (\d+)$/.exec(line);
      if (!found) continue;
      const rule = `${found[1]}${addresses.desk.lan}${found[2]}`;
      const command = `replace rule inet portforward ${chain} handle ${found[3]} ${rule}`;
      await this.lab.nft(command);
      return `nft ${command}`;
    }
    throw new Error('There is no rule with the server as its target to change by hand.');
  }

  private async flush(): Promise<string> {
    this.healedBefore = await this.heals();
    await this.lab.firewall('debian');
    return 'nft -f /etc/nftables.conf';
  }

  private async block(): Promise<string> {
    await this.lab.firewall('drop');
    return "nft 'table inet hostfw { chain forward { type filter hook forward priority 0; policy drop; … } }'";
  }

  private async admit(line: string): Promise<string> {
    await this.lab.nft(`insert rule inet hostfw forward ${line}`);
    return `nft insert rule inet hostfw forward ${line}`;
  }

  /** How often the agent has mended a flush. */
  private heals(): Promise<number> {
    return new Promise((resolve, reject) => {
      get(
        { socketPath: this.socket, path: '/v1/status', headers: { host: 'localhost' } },
        async (response) => {
          let body = '';
          for await (const chunk of response) body += chunk;
          resolve(JSON.parse(body).healed.count);
        },
      ).once('error', reject);
    });
  }
}
