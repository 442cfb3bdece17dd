import { createServer, type Server } from 'node:http';
import type { Daemon } from '../daemon/daemon';
import { type Gates, guard } from './guard';
import { sendError, sendJson } from './reply';
import { routes } from './routes';

/** Connections at once; each of ours carries one request. */
const MAX_CONNECTIONS = 128;

/** The HTTP side of the agent; see socket.ts for where it listens. */
export function agentServer(daemon: Daemon, gates: Gates, log: (line: string) => void): Server {
  const answer = routes(daemon);
  const server = createServer(
    {
      maxHeaderSize: 8192,
      headersTimeout: 5000,
      requestTimeout: 30_000,
      keepAliveTimeout: 5000,
      connectionsCheckingInterval: 1000,
    },
    (request, response) => {
      const handle = async () => {
        guard(request, gates);
        const { body, headers } = await answer(request);
        sendJson(response, 200, body, headers);
      };
      handle().catch((error: unknown) => sendError(request, response, error, log));
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}
