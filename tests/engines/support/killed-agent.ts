import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { agentKind } from '../../../provider/backends/agent/kind';
import { packageRoot } from './package';

/** The agent as a process of its own, and a way to it that can watch what passes. */
export class KilledAgent {
  private readonly directory = mkdtempSync(join(tmpdir(), 'portforward-killed-'));
  private child: ChildProcess | null = null;
  private gone: Promise<unknown> = Promise.resolve();
  private way: Server | null = null;
  private readonly open = new Set<Socket>();
  /** Decides about the next batch: killed before the agent sees it, or after it answered. Null = it passes. */
  fate: 'before' | 'after' | null = null;

  constructor() {
    chmodSync(this.directory, 0o700);
  }

  get socket(): string {
    return join(this.directory, 'way.sock');
  }

  async start(): Promise<void> {
    await this.gone;
    const command = [join(packageRoot, 'dist', 'agent', 'main.js'), 'serve', '--kernel', 'memory'];
    const places = [
      '--socket',
      join(this.directory, 'agent.sock'),
      '--state-dir',
      join(this.directory, 'state'),
    ];
    this.child = spawn(process.execPath, [...command, ...places], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    for await (const line of lines) if (line.includes('is listening at')) break;
    this.child.stdout?.resume();
    if (this.way !== null) return;
    this.way = createServer((client) => this.carry(client)).listen(this.socket);
    await once(this.way, 'listening');
  }

  /** The tags of the entries that it tells. */
  async tags(): Promise<string[]> {
    const backend = agentKind.connect(agentKind.parse({ socket: this.socket }, {}));
    try {
      const { entries } = await backend.list([], AbortSignal.timeout(15_000));
      return entries.flatMap(({ tag }) => (tag === null ? [] : [tag]));
    } finally {
      await backend.close();
    }
  }

  private carry(client: Socket): void {
    const agent = connect(join(this.directory, 'agent.sock'));
    for (const [end, other] of [
      [client, agent],
      [agent, client],
    ] as const) {
      this.open.add(end);
      end.on('error', () => other.destroy());
      end.on('close', () => {
        this.open.delete(end);
        other.destroy();
      });
    }
    let lost = false;
    client.on('data', (data) => {
      const fate = data.includes('POST /v1/batch') ? this.fate : null;
      if (fate === 'before') return void this.kill();
      lost = fate === 'after';
      agent.write(data);
    });
    agent.on('data', (data) => {
      if (lost) void this.kill();
      else client.write(data);
    });
  }

  private async kill(): Promise<void> {
    if (this.child === null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    this.child = null;
    this.gone = ended;
    await ended;
    for (const end of this.open) end.destroy();
  }

  async remove(): Promise<void> {
    await this.kill();
    for (const end of this.open) end.destroy();
    this.way?.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
