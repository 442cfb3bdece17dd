import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** An address as people write it: without the prefix that Node puts before IPv4 on a socket for both families. */
export function plain(address = ''): string {
  return address.replace(/^::ffff:/, '');
}

/** A TCP server and whom it talks to. */
export interface Greeter {
  readonly server: Server;
  /** Says a line to everybody who is connected, unasked. */
  speak(text: string): void;
}

/**
 * A TCP server that tells each peer who answers and as whom it was seen: `server:443 sees 203.0.113.7:40112`.
 * After that it repeats every line it gets. Listens on both families.
 */
export async function startGreeter(host: string, port: number, address = '::'): Promise<Greeter> {
  const peers = new Set<Socket>();
  const server = createServer((socket) => {
    peers.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => peers.delete(socket));
    socket.write(`${host}:${port} sees ${plain(socket.remoteAddress)}:${socket.remotePort}\n`);
    socket.pipe(socket);
  });
  server.listen(port, address);
  await once(server, 'listening');
  return {
    server,
    speak: (text) => {
      for (const peer of peers) peer.write(`${text}\n`);
    },
  };
}
