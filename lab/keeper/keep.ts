import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { PortforwardError } from '../../provider/rule/error';
import { Lab, type LabOptions } from '../namespaces/lab';
import { askStatus, type LabStatus } from './ask';
import { controlSocket, prepareDirectory } from './place';

/** A lab that stands until somebody ends it, with the agent and something to reach on every host. */
export interface Keeper {
  readonly status: LabStatus;
  /** Resolves after the lab is gone, whoever ended it. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Ports of the server's greeter, of its UDP echo, and of the site on the internet. */
export const services = {
  greeter: [22, 80, 443, 8080, 8443],
  echo: [27015, 51820],
  site: [80, 443],
} as const;

/** Starts a lab and answers on its control socket. Throws `conflict` when this user's lab stands already. */
export async function keepLab(directory: string, options: LabOptions): Promise<Keeper> {
  prepareDirectory(directory);
  if ((await askStatus(directory)) !== null) {
    throw new PortforwardError('conflict', 'Your lab is up already.', {
      hint: 'Use `portforward lab shell`, or end it with `portforward lab down`.',
    });
  }
  const lab = await Lab.start(options);
  try {
    return await serve(lab, directory, options);
  } catch (error) {
    await lab.stop();
    throw error;
  }
}

async function serve(lab: Lab, directory: string, options: LabOptions): Promise<Keeper> {
  const agent = await lab.startAgent();
  for (const port of services.greeter) await lab.on('server').greet(port);
  for (const port of services.echo) await lab.on('server').echo(port);
  for (const port of services.site) await lab.on('internet').greet(port);
  const status: LabStatus = {
    pid: process.pid,
    enter: lab.enter,
    directory: lab.directory,
    socket: agent.socket,
    firewall: options.firewall ?? 'open',
    since: new Date().toISOString(),
  };
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket }).once('line', (word) => {
      if (word === 'status') socket.end(JSON.stringify(status));
      else if (word === 'down') {
        waiting.add(socket);
        void stop();
      } else socket.destroy();
    });
  });
  const path = controlSocket(directory);
  rmSync(path, { force: true });
  server.listen(path);
  await once(server, 'listening');
  const ended = lab.ended.then(() => {
    for (const socket of waiting) socket.end('down');
    server.close();
  });
  const stop = async () => {
    await agent.stop();
    await lab.stop();
    await ended;
  };
  return { status, ended, stop };
}
