import type { Socket } from 'node:net';
import type { Identity } from '../../certificate/self-signed';
import type { ProviderHandlers } from './handlers';

/** Both sides of mutual TLS. */
export interface Trust {
  readonly identity: Identity;
  /** PEM of the only authority whose clients may call. */
  readonly authority: string;
}

/** One provider as an engine sees it: one configuration, on one or more connections. */
export interface Provider {
  serve(connection: Socket): void;
  /** Asks the running calls to stop. */
  stop(why: string): void;
  /** Resolves once no call runs. */
  idle(): Promise<void>;
  /** Closes the sessions and the connections, once what was answered is sent. Asked again, it is the same end. */
  end(): Promise<void>;
}

/** Makes the handlers. Called after the handshake, so that loading what they need keeps no engine waiting for it. */
export type Load = () => ProviderHandlers;

/** Loads gRPC and the handlers. Without trust, whoever can open the socket may call. */
export function startProvider(load: Load, trust: Trust | null, onShutdown: () => void): Provider {
  // Not imported above: it takes longer than all that comes before the handshake, and the engine connects meanwhile.
  const { providerServer } = require('./server') as typeof import('./server');
  return providerServer(load(), trust, onShutdown);
}
