import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MemoryKernel, memoryKernel } from '../../agent/kernel/memory';
import { type RunningAgent, startAgent } from '../../agent/start';
import { addresses } from '../namespaces/network';
import type { RunProgram } from './engine';
import type { Visit, Visitor, World } from './world';

const BLOCKED = {
  message: 'table inet hostfw, chain forward drops what nobody let through.',
  hint: 'Add this line to that chain: meta mark and 0x10000000 == 0x10000000 accept',
};

/** The real agent over a table in memory: no packet moves, and every proof says so. */
export class SimulatedWorld implements World {
  readonly mode = 'simulated';
  readonly title = 'the agent with a table in memory: no packet moves on this machine';

  private constructor(
    private readonly kernel: MemoryKernel,
    private readonly agent: RunningAgent,
    readonly directory: string,
  ) {}

  static async start(): Promise<SimulatedWorld> {
    const directory = mkdtempSync(join(tmpdir(), 'portforward-tour-'));
    const kernel = memoryKernel();
    const agent = await startAgent({
      kernel,
      socket: join(directory, 'agent.sock'),
      stateDir: join(directory, 'state'),
    });
    return new SimulatedWorld(kernel, agent, directory);
  }

  get socket(): string {
    return this.agent.socket;
  }

  readonly run: RunProgram = async (argv, { cwd, env }) => {
    const [command = '', ...rest] = argv;
    const child = spawn(command, rest, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  };

  async visit(from: Visitor, port: number): Promise<Visit> {
    const own = addresses.internet[from];
    const path = `${own} -> ${addresses.gateway.wan}:${port}`;
    const outcome = this.kernel.tamper.connect({ protocol: 'tcp', port, from: own });
    if (outcome.reached === 'nobody')
      return { answeredBy: null, detail: `${path}: nobody, ${outcome.because}` };
    const host = outcome.reached === 'gateway' ? 'gateway' : hostOf(outcome.address);
    return { answeredBy: `${host}:${outcome.port}`, detail: `${path}: would reach ${host}:${outcome.port}` };
  }

  async bystander(): Promise<null> {
    return null;
  }

  async tamper(): Promise<string> {
    const entry = (await this.kernel.read()).ours[0];
    if (!entry) throw new Error('There is no entry to change by hand.');
    const target = { kind: 'host', family: 4, address: addresses.desk.lan } as const;
    this.kernel.tamper.change(entry.tag, { target });
    return `(in memory) entry ${entry.tag}: target ${addresses.desk.lan}`;
  }

  async flush(): Promise<string> {
    this.kernel.tamper.flush();
    return '(in memory) flush ruleset';
  }

  async healed(): Promise<boolean> {
    const deadline = performance.now() + 10_000;
    while (!(await this.kernel.read()).intact) {
      if (performance.now() > deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return true;
  }

  async block(): Promise<string> {
    this.kernel.tamper.block(BLOCKED);
    return '(in memory) a firewall in front with policy drop';
  }

  async admit(line: string): Promise<string> {
    this.kernel.tamper.block(null);
    return `(in memory) ${line}`;
  }

  async foreign(): Promise<string> {
    return JSON.stringify(this.kernel.tamper.foreign());
  }

  async stop(): Promise<void> {
    await this.agent.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function hostOf(address: string): string {
  if (address === addresses.server.lan) return 'server';
  return address === addresses.desk.lan ? 'desk' : address;
}
