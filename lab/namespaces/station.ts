import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PortforwardError } from '../../provider/rule/error';
import type { Call, Reply, StationRequest } from '../services/wire';
import { compiled } from './compiled';
import type { Host } from './network';
import { endGroup, spawnInside } from './run';

/** A process on one host of the lab that serves and calls for us, so that no call costs a new process. */
export class Station {
  private readonly waiting = new Map<number, (answer: { result?: unknown; error?: string }) => void>();
  private count = 0;
  private gone = false;

  private constructor(
    readonly host: Host,
    private readonly child: ChildProcess,
  ) {
    child.stdin?.on('error', () => undefined);
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const { id, ...answer } = JSON.parse(line) as { id: number; result?: unknown; error?: string };
        this.waiting.get(id)?.(answer);
        this.waiting.delete(id);
      });
    }
    child.once('close', () => {
      this.gone = true;
      for (const settle of this.waiting.values()) settle({ error: 'it ended' });
      this.waiting.clear();
    });
  }

  static start(enter: readonly string[], host: Host, directory: string): Station {
    const argv = [process.execPath, compiled('lab/services/station.js'), host];
    return new Station(
      host,
      spawnInside(enter, host, argv, { cwd: directory, stdio: ['pipe', 'pipe', 'inherit'] }),
    );
  }

  /** A TCP server that tells each peer as whom it is seen, then repeats what it is told. */
  async greet(port: number, address?: string): Promise<void> {
    await this.ask({ op: 'greet', port, ...(address === undefined ? {} : { address }) });
  }

  /** A UDP server that answers with its own name, the peer's address and the text. */
  async echo(port: number, address?: string): Promise<void> {
    await this.ask({ op: 'echo', port, ...(address === undefined ? {} : { address }) });
  }

  /** A TCP server that accepts and says nothing. */
  async silence(port: number): Promise<void> {
    await this.ask({ op: 'silence', port });
  }

  /** A real FTP server; `url` is the address it tells for passive transfers on ports `from` to `to`. */
  async ftp(options: { port: number; url: string; from: number; to: number }): Promise<void> {
    await this.ask({ op: 'ftp', ...options });
  }

  /** Connects and returns the greeting. With `hold` the connection stays open for `say`. */
  tcp(call: Call & { readonly hold?: boolean }): Promise<Reply> {
    return this.ask({ op: 'tcp', ...call }) as Promise<Reply>;
  }

  /** Sends one datagram and returns the answer. */
  udp(call: Call & { readonly text?: string }): Promise<Reply> {
    return this.ask({ op: 'udp', ...call }) as Promise<Reply>;
  }

  /** Fetches the FTP server's file in passive mode. */
  fetch(call: Call): Promise<Reply> {
    return this.ask({ op: 'fetch', ...call }) as Promise<Reply>;
  }

  /** Says a line on a held connection and returns what comes back. */
  say(connection: number, text: string, timeout?: number): Promise<Reply> {
    return this.ask({
      op: 'say',
      connection,
      text,
      ...(timeout === undefined ? {} : { timeout }),
    }) as Promise<Reply>;
  }

  /** What the other side of a held connection says next, unasked. */
  hear(connection: number, timeout?: number): Promise<Reply> {
    return this.ask({
      op: 'hear',
      connection,
      ...(timeout === undefined ? {} : { timeout }),
    }) as Promise<Reply>;
  }

  /** The greeter on this port says a line to everybody who is connected to it. */
  async speak(port: number, text: string): Promise<void> {
    await this.ask({ op: 'speak', port, text });
  }

  /** Ends a held connection. */
  async drop(connection: number): Promise<void> {
    await this.ask({ op: 'drop', connection });
  }

  /** Ends the process and what it serves. */
  async stop(): Promise<void> {
    if (this.gone) return;
    const closed = once(this.child, 'close');
    if (!endGroup(this.child, 'SIGKILL')) return;
    await closed;
  }

  private ask(request: StationRequest): Promise<unknown> {
    if (this.gone) return Promise.reject(this.failure('it ended'));
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, error }) =>
        error === undefined ? resolve(result) : reject(this.failure(error)),
      );
      this.child.stdin?.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  }

  private failure(why: string): PortforwardError {
    return new PortforwardError('internal', `The lab's station on ${this.host} could not do that: ${why}.`);
  }
}
