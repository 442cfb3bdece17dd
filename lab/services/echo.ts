import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { plain } from './greeter';

/** A UDP server that answers every datagram: `server:27015 sees 203.0.113.7:40112 hello`. Listens on both families. */
export async function startEcho(host: string, port: number, address = '::'): Promise<Socket> {
  const socket = createSocket('udp6');
  socket.on('message', (data, peer) => {
    socket.send(`${host}:${port} sees ${plain(peer.address)}:${peer.port} ${data}`, peer.port, peer.address);
  });
  socket.bind(port, address);
  await once(socket, 'listening');
  return socket;
}
