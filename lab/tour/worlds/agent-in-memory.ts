import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MemoryKernel, memoryKernel } from '../../../agent/kernel/memory';
import { type RunningAgent, startAgent } from '../../../agent/start';
import { addresses } from '../../namespaces/network';
import { quickstart } from '../examples';
import type { Loss, Obstacle, Tampering, Visit, Visitor, World } from '../world';
import { runHere } from './here';
import { blocked, flushed } from './linux-host';
import { retargeted } from './retargeted';
import { soon } from './soon';
import { hostOf, pathOf } from './would-reach';

const BLOCKED = {
  message: 'table inet hostfw, chain forward drops what nobody let through.',
  hint: 'Add this line to that chain: meta mark and 0x10000000 == 0x10000000 accept',
};

/** The real agent over a table in memory: no packet moves, and every proof says so. */
export class AgentInMemoryWorld implements World {
  readonly mode = 'simulated';
  readonly title = 'the agent with a table in memory: no packet moves on this machine';
  readonly example = quickstart;
  readonly environment = {};
  readonly run = runHere;
  readonly tampering: Tampering;
  readonly loss: Loss;
  readonly obstacle: Obstacle;

  private constructor(
    private readonly kernel: MemoryKernel,
    private readonly agent: RunningAgent,
    readonly directory: string,
  ) {
    this.tampering = retargeted(this.example, () => this.tamper());
    this.loss = flushed(
      () => this.flush(),
      () => soon(async () => (await this.kernel.read()).intact),
    );
    this.obstacle = blocked({
      place: () => this.block(),
      // Nothing listens where the table points to.
      doctor: ['--socket', this.socket, '--no-probe'],
      clear: (line) => this.admit(line),
    });
  }

  static async start(): Promise<AgentInMemoryWorld> {
    const directory = mkdtempSync(join(tmpdir(), 'portforward-tour-'));
    const kernel = memoryKernel();
    const agent = await startAgent({
      kernel,
      socket: join(directory, 'agent.sock'),
      stateDir: join(directory, 'state'),
    });
    return new AgentInMemoryWorld(kernel, agent, directory);
  }

  get socket(): string {
    return this.agent.socket;
  }

  get settings() {
    return { socket: this.socket };
  }

  async visit(from: Visitor, port: number): Promise<Visit> {
    const path = pathOf(from, port);
    const outcome = this.kernel.tamper.connect({ protocol: 'tcp', port, from: addresses.internet[from] });
    if (outcome.reached === 'nobody')
      return { answeredBy: null, detail: `${path}: nobody, ${outcome.because}` };
    const host = outcome.reached === 'gateway' ? 'gateway' : hostOf(outcome.address);
    return { answeredBy: `${host}:${outcome.port}`, detail: `${path}: would reach ${host}:${outcome.port}` };
  }

  async bystander(): Promise<null> {
    return null;
  }

  async foreign(): Promise<string> {
    return JSON.stringify(this.kernel.tamper.foreign());
  }

  async stop(): Promise<void> {
    await this.agent.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async tamper(): Promise<string> {
    const entry = (await this.kernel.read()).ours[0];
    if (!entry) throw new Error('There is no entry to change by hand.');
    const target = { kind: 'host', family: 4, address: addresses.desk.lan } as const;
    this.kernel.tamper.change(entry.tag, { target });
    return `(in memory) entry ${entry.tag}: target ${addresses.desk.lan}`;
  }

  private async flush(): Promise<string> {
    this.kernel.tamper.flush();
    return '(in memory) flush ruleset';
  }

  private async block(): Promise<string> {
    this.kernel.tamper.block(BLOCKED);
    return '(in memory) a firewall in front with policy drop';
  }

  private async admit(line: string): Promise<string> {
    this.kernel.tamper.block(null);
    return `(in memory) ${line}`;
  }
}
