import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../support/package';
import { Bench, rule } from './bench';

/** The agent as a process of its own, and a way to it that can watch what passes. */
class KilledAgent {
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

const bench = new Bench();
afterEach(() => bench.clean());

describe.each(['before', 'after'] as const)('the agent, killed %s it did a batch', (fate) => {
  test('comes back with whole rules, and one rerun converges without a second entry', async () => {
    const agent = new KilledAgent();
    try {
      await agent.start();
      const config = {
        'portforward:kind': 'agent',
        'portforward:socket': agent.socket,
        'portforward:owner': 'shop/dev',
        'portforward:name': 'home',
      };
      const first = await bench.provider(config);
      const standing = await first.create(rule({ name: 'ssh', externalPort: 22222 }));

      agent.fate = fate;
      await expect(first.create(rule())).rejects.toThrow(/agent at .*way.sock/);
      agent.fate = null;
      await agent.start();

      const next = await bench.provider(config);
      const web = await next.create(rule());
      expect(web.outs.entries).toHaveLength(1);
      expect(await next.read(standing.id, standing.outs)).toMatchObject({
        id: standing.id,
        outs: standing.outs,
      });
      expect(await next.read(web.id, web.outs)).toMatchObject({ id: web.id, outs: web.outs });
      const last = await bench.provider(config);
      await last.delete(web.id, web.outs);
      expect(await last.read(web.id, web.outs)).toMatchObject({ id: '' });
    } finally {
      await agent.remove();
    }
  });
});
