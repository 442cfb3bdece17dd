import type { Server } from 'node:http';
import { DEFAULT_MAX_RULES } from './api/limits';
import { Daemon } from './daemon/daemon';
import type { Kernel } from './kernel/kernel';
import { Rate } from './server/rate';
import { agentServer } from './server/server';
import { listenAt } from './server/socket';
import { TokenGate } from './server/token';
import { Store } from './store/store';
import { agentVersion } from './version';

export interface AgentOptions {
  readonly kernel: Kernel;
  /** Where to listen; the directory must be closed to others. */
  readonly socket: string;
  readonly stateDir: string;
  /** What the kernel is, for status. Default `memory`. */
  readonly kernelName?: 'nftables' | 'memory';
  /** TCP ports by which this machine is managed. Default 22. */
  readonly managementPorts?: readonly number[];
  readonly maxRules?: number;
  /** File with the token that every request must carry. Default: none, the socket's permissions are the lock. */
  readonly tokenFile?: string;
  /** Milliseconds between full compares. Default 5 minutes; 0 = never. */
  readonly compareEvery?: number;
  /** Receives one line per event. Default: dropped. */
  readonly log?: (line: string) => void;
  /** The dates that are told and kept. Default: the system's. */
  readonly now?: () => Date;
  /** Milliseconds on a clock that nobody sets, for the rate of requests. Default: the machine's. */
  readonly tick?: () => number;
}

export interface RunningAgent {
  readonly socket: string;
  /** Ends after the running request; the forwards stay in the kernel. */
  stop(): Promise<void>;
}

/**
 * Starts an agent in this process: state, kernel, socket. Throws PortforwardError `refused` with the next step when the
 * state directory, the token or the socket cannot be used, or when the kernel cannot be made true to the state.
 */
export async function startAgent(options: AgentOptions): Promise<RunningAgent> {
  const { kernel, socket, log = () => undefined } = options;
  const token = options.tokenFile === undefined ? null : TokenGate.fromFile(options.tokenFile);
  const store = await Store.open(options.stateDir);
  const daemon = new Daemon({
    kernel,
    kernelName: options.kernelName ?? 'memory',
    store,
    version: agentVersion(),
    managementPorts: options.managementPorts ?? [22],
    maxRules: options.maxRules ?? DEFAULT_MAX_RULES,
    compareEvery: options.compareEvery ?? 300_000,
    log,
    ...(options.now ? { now: options.now } : {}),
  });
  const rate = new Rate(400, 100, options.tick);
  const server = agentServer(daemon, { rate, token }, log);
  try {
    await daemon.start();
    await listenAt(server, socket);
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  return {
    socket,
    async stop() {
      await closed(server);
      await daemon.stop();
    },
  };
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
