import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApplyOptions, Backend, Change } from '../../../../provider/backends/backend';
import { PortforwardError } from '../../../../provider/rule/error';
import { type Complaint, hear, type Method, type Question, send } from './frames';

/** A gateway of this process at a Unix socket, where other processes find it: each connection is a client of its own. */
export class GatewayServer {
  private readonly directory = mkdtempSync(join(tmpdir(), 'pf-'));
  private readonly connections = new Set<Socket>();
  private readonly server: Server;

  private constructor(connect: () => Backend) {
    this.server = createServer((socket) => {
      this.connections.add(socket);
      serve(socket, connect());
      socket.once('close', () => this.connections.delete(socket));
    });
  }

  static async start(connect: () => Backend): Promise<GatewayServer> {
    const server = new GatewayServer(connect);
    await new Promise<void>((resolve) => server.server.listen(server.socket, resolve));
    return server;
  }

  get socket(): string {
    return join(this.directory, 's');
  }

  async stop(): Promise<void> {
    for (const socket of this.connections) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function serve(socket: Socket, backend: Backend): void {
  const underWay = new Map<number, AbortController>();
  hear<Question>(socket, async ({ id, method, args }) => {
    if (method === null) return underWay.get(id)?.abort();
    const abort = new AbortController();
    underWay.set(id, abort);
    try {
      const value = await carryOut(backend, method, args, abort.signal);
      send(socket, { id, value });
    } catch (error) {
      send(socket, { id, error: complaint(error) });
    } finally {
      underWay.delete(id);
    }
  });
  socket.on('error', () => undefined);
  // Who is gone has logged out, however it went.
  socket.once('close', () => void backend.close());
}

function carryOut(
  backend: Backend,
  method: Method,
  args: readonly unknown[],
  signal: AbortSignal,
): Promise<unknown> {
  switch (method) {
    case 'open':
      return backend.open(signal);
    case 'list':
      return backend.list(args[0] as readonly string[], signal);
    case 'apply': {
      const [changes, options] = args as [readonly Change[], Omit<ApplyOptions, 'signal'>];
      return backend.apply(changes, { ...options, signal });
    }
    default:
      if (!backend.trials) throw new Error('it has no trials');
      return backend.trials[method](signal);
  }
}

function complaint(error: unknown): Complaint {
  if (!(error instanceof PortforwardError)) return { summary: String(error) };
  const { code, summary, hint, property, retryable } = error;
  return { code, summary, hint, property, retryable };
}
