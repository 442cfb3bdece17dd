import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntriesReply } from '../../../agent/api/wire';
import type { LiveEntry } from '../../../agent/kernel/kernel';
import { type MemoryKernel, memoryKernel } from '../../../agent/kernel/memory';
import { type RunningAgent, startAgent } from '../../../agent/start';
import type { Forward } from '../../../provider/rule/rule';
import { traffic } from './traffic';

/** The real agent on a Unix socket, over a kernel in memory that other hands can reach into. */
export class PracticeGateway {
  private constructor(
    readonly directory: string,
    readonly kernel: MemoryKernel,
    private agent: RunningAgent,
    private readonly tokenFile: string | undefined,
  ) {}

  static async start(tokenFile?: string): Promise<PracticeGateway> {
    const directory = mkdtempSync(join(tmpdir(), 'portforward-gateway-'));
    chmodSync(directory, 0o700);
    const kernel = memoryKernel();
    return new PracticeGateway(directory, kernel, await listen(directory, kernel, tokenFile), tokenFile);
  }

  get socket(): string {
    return join(this.directory, 'agent.sock');
  }

  /** Our entries in the kernel, as `tcp 443 -> 192.168.50.10:8443`, sorted. */
  async forwards(): Promise<string[]> {
    const { ours } = await this.kernel.read();
    return ours.map(({ forward }) => traffic(forward)).sort();
  }

  async entries(): Promise<readonly LiveEntry[]> {
    return (await this.kernel.read()).ours;
  }

  /** The one entry that takes this external port. */
  async entry(port: number): Promise<LiveEntry> {
    const found = (await this.entries()).filter(({ forward }) =>
      forward.traffic.some(({ ports }) => ports.some(({ from, to }) => from <= port && port <= to)),
    );
    if (found.length !== 1) throw new Error(`${found.length} entries take port ${port}`);
    return found[0] as LiveEntry;
  }

  /** Somebody removes the rule through the agent itself, as `portforward-agent` or another program would. */
  async withdraw(port: number): Promise<void> {
    const { tag } = await this.entry(port);
    await this.ask('POST', '/v1/batch', { changes: [{ op: 'remove', handle: tag }] });
  }

  /** Somebody changes a rule through the agent itself; the tag stays. */
  async rewrite(port: number, change: Partial<Forward>): Promise<void> {
    const { tag } = await this.entry(port);
    const { entries } = (await this.ask('GET', '/v1/entries')) as EntriesReply;
    const found = entries.find((entry) => entry.tag === tag);
    if (found === undefined) throw new Error(`the agent lists no entry ${tag}`);
    const wanted = { tag, id: found.id, forward: { ...found.forward, ...change } };
    await this.ask('POST', '/v1/batch', { changes: [{ op: 'edit', handle: found.handle, wanted }] });
  }

  /** One request to the agent, past everything of ours but its socket. */
  async ask(method: string, path: string, body?: object): Promise<unknown> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = { host: 'localhost', 'content-type': 'application/json' };
    const generation = method === 'GET' ? {} : { 'if-match': await this.generation() };
    const call = request({ socketPath: this.socket, path, method, headers: { ...headers, ...generation } });
    call.end(text);
    const [reply] = (await once(call, 'response')) as [IncomingMessage];
    const answer = Buffer.concat(await reply.toArray()).toString();
    if (reply.statusCode !== 200) throw new Error(`${method} ${path}: ${reply.statusCode} ${answer}`);
    return JSON.parse(answer);
  }

  private async generation(): Promise<string> {
    const { generation } = (await this.ask('GET', '/v1/entries')) as { generation: string };
    return `"${generation}"`;
  }

  /** Nobody listens any more; the table stays. */
  async stop(): Promise<void> {
    await this.agent.stop();
  }

  async restart(): Promise<void> {
    this.agent = await listen(this.directory, this.kernel, this.tokenFile);
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function listen(
  directory: string,
  kernel: MemoryKernel,
  tokenFile: string | undefined,
): Promise<RunningAgent> {
  return startAgent({
    kernel,
    socket: join(directory, 'agent.sock'),
    stateDir: join(directory, 'state'),
    compareEvery: 0,
    ...(tokenFile === undefined ? {} : { tokenFile }),
  });
}
