import { get } from 'node:http';
import type { AgentOptions, LabAgent } from '../namespaces/agent';
import { Lab } from '../namespaces/lab';
import { addresses } from '../namespaces/network';
import type { RunProgram } from './engine';
import { quickstart } from './quickstart';
import type { Bystander, Visit, Visitor, World } from './world';

/** Milliseconds until a visit counts as unanswered: two attempts of TCP. */
const PATIENCE = 2500;
/** Milliseconds in which a flush must be mended. */
const HEALING = 10_000;

/** The lab: packets move through this machine's kernel, in namespaces of their own. */
export class RealWorld implements World {
  readonly mode = 'real';
  readonly title = 'real packets through a Linux router in network namespaces of this machine';
  private held: number | undefined;
  private healedBefore = 0;

  private constructor(
    readonly lab: Lab,
    readonly agent: LabAgent,
  ) {}

  /** Starts lab, agent and what is to be reached. */
  static async start(agentOptions: AgentOptions = {}): Promise<RealWorld> {
    const lab = await Lab.start();
    try {
      const agent = await lab.startAgent(agentOptions);
      // Both machines in the LAN would answer, so that one sees to whom a connection went.
      for (const host of ['server', 'desk'] as const) {
        for (const port of new Set([quickstart.internalPort, quickstart.externalPort])) {
          await lab.on(host).greet(port);
        }
      }
      await lab.on('internet').greet(quickstart.externalPort, addresses.internet.site);
      return new RealWorld(lab, agent);
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  get socket(): string {
    return this.agent.socket;
  }

  get directory(): string {
    return this.lab.directory;
  }

  readonly run: RunProgram = (argv, options) => this.lab.exec('desk', argv, options);

  async visit(from: Visitor, port: number): Promise<Visit> {
    const own = addresses.internet[from];
    const reply = await this.lab
      .on('internet')
      .tcp({ to: addresses.gateway.wan, port, from: own, timeout: PATIENCE });
    const path = `${own} -> ${addresses.gateway.wan}:${port}`;
    return reply.ok
      ? { answeredBy: reply.text.split(' ')[0] ?? null, detail: `${path}: ${reply.text}` }
      : { answeredBy: null, detail: `${path}: ${reply.text}` };
  }

  async bystander(port: number): Promise<Bystander> {
    const desk = this.lab.on('desk');
    const path = `${addresses.desk.lan} -> ${addresses.internet.site}:${port}`;
    if (this.held === undefined) {
      const reply = await desk.tcp({ to: addresses.internet.site, port, hold: true });
      this.held = reply.ok ? reply.connection : undefined;
      return { alive: reply.ok, detail: `${path}: ${reply.text}` };
    }
    // The far side speaks first: that is what a careless cut of tracked connections breaks. A packet from inside
    // would only be tracked anew.
    await this.lab.on('internet').speak(port, 'still there?');
    const reply = await desk.hear(this.held, PATIENCE);
    return {
      alive: reply.ok && reply.text === 'still there?',
      detail: `${path}: ${reply.ok ? 'answers' : reply.text}`,
    };
  }

  async tamper(): Promise<string> {
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

  async flush(): Promise<string> {
    this.healedBefore = await this.heals();
    await this.lab.firewall('debian');
    return 'nft -f /etc/nftables.conf';
  }

  async healed(): Promise<boolean> {
    const deadline = performance.now() + HEALING;
    while ((await this.heals()) <= this.healedBefore) {
      if (performance.now() > deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return true;
  }

  async block(): Promise<string> {
    await this.lab.firewall('drop');
    return "nft 'table inet hostfw { chain forward { type filter hook forward priority 0; policy drop; … } }'";
  }

  async admit(line: string): Promise<string> {
    await this.lab.nft(`insert rule inet hostfw forward ${line}`);
    return `nft insert rule inet hostfw forward ${line}`;
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
