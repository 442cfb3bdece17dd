import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Counters } from '../counters';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Where the gateway listens, and who is connected. */
export class WebServer {
  private servers: readonly Server[] = [];
  private readonly sockets = new Set<Socket>();
  private hosts: readonly string[] = ['127.0.0.1'];
  private current = 0;

  constructor(
    private readonly counters: Counters,
    private readonly handle: Handler,
  ) {}

  get isUp(): boolean {
    return this.servers.length > 0;
  }

  /** Where to ask, without the path. */
  get url(): string {
    const [host = ''] = this.hosts;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.current}`;
  }

  /** Port 0 = any free one, the same on every address; it stays the same until it is told to move. */
  async listen(port: number, hosts: readonly string[]): Promise<void> {
    this.hosts = hosts;
    this.current = port;
    await this.up();
  }

  async up(): Promise<void> {
    if (this.servers.length > 0) return;
    const servers: Server[] = [];
    for (const host of this.hosts) {
      const server = createServer();
      server.on('request', (request: IncomingMessage, response: ServerResponse) => {
        // A client that is gone in the middle is none of the gateway's business.
        this.handle(request, response).catch(() => response.socket?.destroy());
      });
      server.on('connection', (socket: Socket) => this.remember(socket));
      this.current = await bound(server, this.current, host);
      servers.push(server);
    }
    this.servers = servers;
  }

  /** Nobody answers any more, and who was connected is cut off. */
  async down(): Promise<void> {
    const { servers } = this;
    this.servers = [];
    const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
    this.cutAll();
    await Promise.all(closed);
  }

  /** To another port, as many routers do at every start. */
  async move(): Promise<void> {
    const before = this.current;
    await this.down();
    this.current = 0;
    await this.up();
    if (this.current === before) return this.move();
  }

  cutAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private remember(socket: Socket): void {
    this.counters.connections += 1;
    this.sockets.add(socket);
    socket.on('close', () => {
      this.sockets.delete(socket);
      this.counters.bytesTaken += socket.bytesWritten;
    });
    socket.on('error', () => socket.destroy());
  }
}

function bound(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
