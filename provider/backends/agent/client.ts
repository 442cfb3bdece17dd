import { batchReplySchema, countersSchema, entriesSchema, statusSchema } from '../../../agent/api/schema';
import { API_HOST, API_VERSION } from '../../../agent/api/version';
import type {
  BatchReply,
  ChangeWire,
  CountersReply,
  EntriesReply,
  StatusReply,
} from '../../../agent/api/wire';
import { HttpClient } from '../http/client';
import { readAnswer } from './codec';
import type { AgentConfig } from './config';

const BASE = `/v${API_VERSION}`;

/** The agent's four calls, typed. Each sends one request, once. */
export class AgentClient {
  private readonly http: HttpClient;

  constructor(private readonly config: AgentConfig) {
    const { socket, token } = config;
    this.http = new HttpClient({
      origin: `http://${API_HOST}`,
      socketPath: socket,
      label: `the agent at ${socket}`,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      explain: (code) => explain(code, socket),
    });
  }

  status(signal: AbortSignal): Promise<StatusReply> {
    return this.get('status', statusSchema, signal);
  }

  entries(signal: AbortSignal): Promise<EntriesReply> {
    return this.get('entries', entriesSchema, signal);
  }

  counters(signal: AbortSignal): Promise<CountersReply> {
    return this.get('counters', countersSchema, signal);
  }

  /** Throws `stale` when the agent is no longer at `generation`, AgentRefusal when it refuses a change. */
  async batch(generation: string, changes: readonly ChangeWire[], signal: AbortSignal): Promise<BatchReply> {
    const answer = await this.http.request({
      method: 'POST',
      path: `${BASE}/batch`,
      headers: { 'if-match': `"${generation}"` },
      json: { changes },
      signal,
    });
    return readAnswer(answer, batchReplySchema, this.config.socket);
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private async get<T>(
    what: string,
    schema: Parameters<typeof readAnswer<T>>[1],
    signal: AbortSignal,
  ): Promise<T> {
    const answer = await this.http.request({ method: 'GET', path: `${BASE}/${what}`, signal });
    return readAnswer(answer, schema, this.config.socket);
  }
}

function explain(code: string, socket: string): { readonly summary: string; readonly hint: string } | null {
  switch (code) {
    case 'ENOENT':
      return {
        summary: `There is no socket of portforward-agent at ${socket}.`,
        hint: 'Start the agent on the gateway (portforward-agent check says what it needs); from another machine forward its socket with ssh -L.',
      };
    case 'EACCES':
    case 'EPERM':
      return {
        summary: `The socket ${socket} may not be opened by this user.`,
        hint: "Join the group of the agent's socket (then log in anew), or run as a user who may.",
      };
    case 'ECONNREFUSED':
      return {
        summary: `Nobody listens at ${socket}: portforward-agent is not running, or the SSH forwarding ended.`,
        hint: 'Start it: systemctl start portforward-agent; journalctl -u portforward-agent says why it ended.',
      };
    case 'ENOTSOCK':
    case 'EPROTOTYPE':
      return { summary: `${socket} is no socket to connect to.`, hint: 'Look at the path of the socket.' };
    default:
      return null;
  }
}
