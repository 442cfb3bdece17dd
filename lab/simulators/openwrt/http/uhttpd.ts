import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Counters } from '../counters';
import type { TlsIdentity } from '../options';

export interface UhttpdOptions {
  readonly tls: TlsIdentity | null;
  readonly redirectPlain: boolean;
  readonly counters: Counters;
  readonly handle: (request: IncomingMessage, response: ServerResponse, connection: number) => Promise<void>;
}

/** Milliseconds that a connection is kept without a request (`http_keepalive`). */
const KEEPALIVE = 20_000;

/** The web server: where it listens, who is connected, and which certificate it shows. */
export class Uhttpd {
  private server: Server | TlsServer | null = null;
  private plain: Server | null = null;
  private readonly sockets = new Set<Socket>();
  private readonly numbers = new WeakMap<Socket, number>();
  private made = 0;
  private tls: TlsIdentity | null;
  private host = '127.0.0.1';
  private port = 0;
  private plainPort = 0;

  constructor(private readonly options: UhttpdOptions) {
    this.tls = options.tls;
  }

  /** Where to ask, without the path. */
  get url(): string {
    return `${this.tls ? 'https' : 'http'}://${authority(this.host, this.port)}`;
  }

  /** The plain port that sends everybody to the other one. */
  get plainUrl(): string | null {
    return this.options.redirectPlain ? `http://${authority(this.host, this.plainPort)}` : null;
  }

  /** Port 0 = any free one; it stays the same when the router starts anew. */
  async listen(port: number, host: string): Promise<void> {
    this.host = host;
    this.port = port;
    await this.up();
  }

  async up(): Promise<void> {
    if (this.server) return;
    const server = this.tls ? createTlsServer(this.tls) : createServer();
    server.keepAliveTimeout = KEEPALIVE;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      response.sendDate = false;
      const number = this.numbers.get(request.socket) ?? 0;
      // A client that is gone in the middle is none of the router's business.
      this.options.handle(request, response, number).catch(() => response.socket?.destroy());
    });
    server.on('connection', (socket: Socket) => this.remember(socket));
    server.on(this.tls ? 'secureConnection' : 'connection', (socket: Socket) => this.count(socket));
    this.port = await bound(server, this.port, this.host);
    this.server = server;
    if (!this.options.redirectPlain) return;
    const plain = createServer((request, response) => {
      response.writeHead(307, { Location: `${this.url}${request.url ?? '/'}`, Connection: 'close' });
      response.end();
    });
    plain.on('connection', (socket: Socket) => this.remember(socket));
    this.plainPort = await bound(plain, this.plainPort, this.host);
    this.plain = plain;
  }

  /** Nobody answers any more, and who was connected is cut off. */
  async down(): Promise<void> {
    const servers = [this.server, this.plain].filter((server) => server !== null);
    this.server = null;
    this.plain = null;
    const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
    this.cutAll();
    await Promise.all(closed);
  }

  cutAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Another certificate from now on, also for who was connected. */
  present(tls: TlsIdentity): void {
    this.tls = tls;
    if (this.server && 'setSecureContext' in this.server) this.server.setSecureContext(tls);
    this.cutAll();
  }

  private remember(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    // Who goes away in the middle of something is no failure of the router.
    socket.on('error', () => socket.destroy());
  }

  private count(socket: Socket): void {
    this.made += 1;
    this.options.counters.connections += 1;
    this.numbers.set(socket, this.made);
    socket.on('error', () => socket.destroy());
  }
}

function bound(server: Server | TlsServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

const authority = (host: string, port: number): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;
