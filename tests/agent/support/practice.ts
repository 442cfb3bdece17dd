import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StatusReply } from '../../../agent/api/wire';
import { type MemoryKernel, memoryKernel } from '../../../agent/kernel/memory';
import { type AgentOptions, type RunningAgent, startAgent } from '../../../agent/start';
import { agentKind } from '../../../provider/backends/agent/kind';
import type { Backend } from '../../../provider/backends/backend';

const directories: string[] = [];
const backends: Backend[] = [];

/** A closed directory of its own, removed by `cleanUp`. */
export function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'pf-'));
  directories.push(directory);
  return directory;
}

export async function cleanUp(): Promise<void> {
  await Promise.all(backends.splice(0).map((backend) => backend.close()));
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

/** An agent over a table in memory, behind a real socket. `start` again = the same agent restarted. */
export class Practice {
  readonly directory = temporary();
  readonly socket = join(this.directory, 'agent.sock');
  readonly stateDir = join(this.directory, 'state');
  readonly lines: string[] = [];
  private agent: RunningAgent | null = null;

  constructor(readonly kernel: MemoryKernel = memoryKernel()) {}

  async start(options: Partial<AgentOptions> = {}): Promise<this> {
    this.agent = await startAgent({
      kernel: this.kernel,
      socket: this.socket,
      stateDir: this.stateDir,
      compareEvery: 0,
      log: (line) => this.lines.push(line),
      ...options,
    });
    return this;
  }

  async stop(): Promise<void> {
    await this.agent?.stop();
    this.agent = null;
  }

  /** The whole status, as it crosses the socket. */
  async status(): Promise<StatusReply> {
    const call = request({ socketPath: this.socket, path: '/v1/status', headers: { host: 'localhost' } });
    const [reply] = (await once(call.end(), 'response')) as [IncomingMessage];
    return JSON.parse(Buffer.concat(await reply.toArray()).toString());
  }

  connect(token?: string): Backend {
    const config = agentKind.parse({ socket: this.socket, ...(token === undefined ? {} : { token }) }, {});
    const backend = agentKind.connect(config);
    backends.push(backend);
    return backend;
  }
}

export { wanted } from './wanted';

export const signal: AbortSignal = new AbortController().signal;
