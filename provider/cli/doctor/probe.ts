import { connect } from 'node:net';

/** What a TCP connection to an internal address came to. */
export type Probe = 'open' | 'refused' | 'silent';

/** Connects once, sends nothing. `timeout` in milliseconds. Never throws. */
export function probeTcp(address: string, port: number, timeout: number): Promise<Probe> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const done = (result: Probe) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(timeout, () => done('silent'));
    socket.once('connect', () => done('open'));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      done(error.code === 'ECONNREFUSED' ? 'refused' : 'silent'),
    );
  });
}
