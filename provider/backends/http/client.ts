import { Pool } from 'undici';
import { type ErrorOptions, PortforwardError } from '../rule/error';

/** Where a gateway's HTTP interface is, and what every request to it carries. */
export interface HttpPlace {
  /** `http://name` or `https://name:port`; with `socketPath` only the Host that is sent. */
  readonly origin: string;
  /** Path of a Unix socket. */
  readonly socketPath?: string;
  /** How messages call it: `the agent at /run/portforward/agent.sock`. */
  readonly label: string;
  /** Sent with every request. May hold credentials: they are in no error text. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes of an answer that are accepted. Default 64 MiB. */
  readonly maxAnswer?: number;
  /** A better sentence for a failure to connect, by system code (`ENOENT`, `EACCES`, `ECONNREFUSED` …). */
  readonly explain?: (code: string) => { readonly summary: string; readonly hint: string } | null;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Deadline and cancellation; our own error as its reason is thrown as it is. */
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body read as JSON; undefined when there is none or it is no JSON. */
  readonly json: unknown;
  /** The body as text, at most 2 kB, for messages. */
  readonly excerpt: string;
}

const MAX_ANSWER = 64 * 1024 * 1024;

/** Before anything was sent: the gateway cannot have done a thing. */
const NOT_SENT = new Set([
  'ENOENT',
  'EACCES',
  'EPERM',
  'ECONNREFUSED',
  'EAGAIN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENOTSOCK',
  'EPROTOTYPE',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * The one way by which gateways are spoken to over HTTP. It sends each request once, never follows redirects, and throws
 * PortforwardError: `unreachable` (nothing was sent), `timeout` (sent, and no answer: it may have happened), `cancelled`,
 * `refused` (an answer that is none). What a status means is the caller's business.
 */
export class HttpClient {
  private pool: Pool | null = null;

  constructor(private readonly place: HttpPlace) {}

  async request({ method, path, headers, json, signal }: HttpRequest): Promise<HttpAnswer> {
    if (signal.aborted) throw aborted(signal, this.place.label, false);
    try {
      const answer = await this.dispatcher().request({
        method,
        path,
        signal,
        headers: {
          accept: 'application/json',
          ...this.place.headers,
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      });
      const text = await answer.body.text();
      return {
        status: answer.statusCode,
        headers: plain(answer.headers),
        json: parse(text),
        excerpt: text.slice(0, 2048),
      };
    } catch (error) {
      throw signal.aborted ? aborted(signal, this.place.label, true) : this.failure(error);
    }
  }

  /** Ends all connections. The next request opens new ones. */
  async close(): Promise<void> {
    const pool = this.pool;
    this.pool = null;
    await pool?.destroy();
  }

  private dispatcher(): Pool {
    const { origin, socketPath, maxAnswer = MAX_ANSWER } = this.place;
    this.pool ??= new Pool(origin, {
      ...(socketPath === undefined ? {} : { socketPath }),
      connections: 4,
      // A kept connection may die under a request; a new one costs next to nothing on a socket.
      pipelining: socketPath === undefined ? 1 : 0,
      connect: { timeout: 10_000 },
      // Deadlines are the signal's business alone.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: maxAnswer,
    });
    return this.pool;
  }

  private failure(error: unknown): PortforwardError {
    const { label, explain, maxAnswer = MAX_ANSWER } = this.place;
    const code = codeOf(error);
    if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED')
      return new PortforwardError(
        'cancelled',
        `The request to ${label} was cancelled. It may have happened.`,
      );
    if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
      return fail('refused', `${capital(label)} answered with more than ${maxAnswer} bytes.`, error, {
        hint: 'Is it really the gateway that is meant?',
      });
    if (NOT_SENT.has(code) || isTls(code)) {
      const better = explain?.(code);
      return fail('unreachable', better?.summary ?? `${capital(label)} cannot be reached (${code}).`, error, {
        hint: better?.hint ?? 'Look whether it is on and the address is right.',
        retryable: true,
      });
    }
    if (code.startsWith('HPE_') || code === 'HTTPParserError')
      return fail('refused', `${capital(label)} does not speak HTTP.`, error, {
        hint: 'Something else listens there: look at the address.',
      });
    return fail(
      'timeout',
      `${capital(label)} broke off before it answered (${code}): it may have happened.`,
      error,
      { hint: 'Look whether it is running, then run again.', retryable: true },
    );
  }
}

function fail(
  code: 'refused' | 'unreachable' | 'timeout',
  summary: string,
  cause: unknown,
  options: ErrorOptions,
): PortforwardError {
  return new PortforwardError(code, summary, { ...options, cause });
}

function aborted(signal: AbortSignal, label: string, sent: boolean): PortforwardError {
  const { reason } = signal;
  if (reason instanceof PortforwardError) return reason;
  const timeout = (reason as { readonly name?: unknown } | undefined)?.name === 'TimeoutError';
  const perhaps = sent ? ' It may have happened.' : '';
  return timeout
    ? new PortforwardError('timeout', `${capital(label)} did not answer in time.${perhaps}`, {
        hint: 'Look whether it is overloaded or the way to it is broken, then run again.',
        retryable: true,
      })
    : new PortforwardError('cancelled', `The request to ${label} was cancelled.${perhaps}`);
}

function codeOf(error: unknown): string {
  const { code, cause, name } = (error ?? {}) as { code?: unknown; cause?: unknown; name?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined ? String(name ?? error) : codeOf(cause);
}

function isTls(code: string): boolean {
  return /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function plain(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) result[name] = Array.isArray(value) ? value.join(', ') : value;
  return result;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
