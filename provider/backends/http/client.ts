import { type Dispatcher, Pool } from 'undici';
import { type ErrorOptions, PortforwardError } from '../../rule/error';
import { connector } from './connect';
import { breaksHttp, exchangeLeniently, type LenientAnswer } from './lenient';
import { TRACE_VARIABLE, Trace } from './trace';
import { OtherKey, type Trust } from './trust';

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
  /** How it proves who it is; default: a certificate that the system believes, for the name in `origin`. */
  readonly trust?: Trust;
  /** Requests under way at once; further ones queue. Default 4; small devices want 1. */
  readonly connections?: number;
  /** Values that no trace may show, such as a password. */
  readonly secrets?: readonly string[];
  /** Bytes of an answer that are accepted. Default 64 MiB. */
  readonly maxAnswer?: number;
  /** Whether a device that breaks the grammar of HTTP is read leniently from then on; over `http://` only. Default no. */
  readonly lenient?: boolean;
  /** From which of this machine's addresses it is spoken to. Default: the one that the system chooses. */
  readonly localAddress?: string;
  /** A better sentence for a failure to connect, by system code (`ENOENT`, `EACCES`, `ECONNREFUSED` …). */
  readonly explain?: (code: string) => { readonly summary: string; readonly hint: string } | null;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is; `headers` tell the type. */
  readonly body?: string;
  /** Changes nothing on the device: sent once more when a connection breaks under it. Default: that it is a GET. */
  readonly idempotent?: boolean;
  /** Over a connection of its own: a kept one may outlive a change that no new connection survives. */
  readonly fresh?: boolean;
  /** Deadline and cancellation; our own error as its reason is thrown as it is. */
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body read as JSON; undefined when there is none or it is no JSON. */
  readonly json: unknown;
  readonly text: string;
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

/** The connection broke under the request. */
const BROKEN = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/**
 * The one way by which gateways are spoken to over HTTP. It sends what may change something once, never follows redirects, and throws
 * PortforwardError: `unreachable` (nothing was sent), `timeout` (sent, and no answer: it may have happened), `cancelled`,
 * `refused` (an answer that is none). What a status means is the caller's business.
 */
export class HttpClient {
  private pool: Pool | null = null;
  /** Its answers have broken the grammar of HTTP. */
  private lax = false;
  private readonly trace: Trace;

  constructor(private readonly place: HttpPlace) {
    this.trace = new Trace(process.env[TRACE_VARIABLE]);
    for (const secret of place.secrets ?? []) this.trace.hide(secret);
  }

  async request(request: HttpRequest): Promise<HttpAnswer> {
    const { signal, idempotent = request.method === 'GET' } = request;
    if (signal.aborted) throw aborted(signal, this.place.label, false);
    try {
      return await this.once(request);
    } catch (error) {
      const broke = !this.lax && this.place.lenient === true && breaksHttp(error);
      if (broke) this.lax = true;
      if (broke && !idempotent) throw this.unread(error);
      // A kept connection that the device has just ended, most often.
      if (!idempotent || signal.aborted || !(broke || BROKEN.has(codeOf(error))))
        throw this.thrown(error, signal);
    }
    try {
      return await this.once(request);
    } catch (error) {
      throw this.thrown(error, signal);
    }
  }

  /** This value is in no trace from now on: a session's id, a token that the device gave. */
  hide(secret: string): void {
    this.trace.hide(secret);
  }

  private async once({ method, path, headers, json, body, fresh, signal }: HttpRequest): Promise<HttpAnswer> {
    const sent = {
      accept: 'application/json',
      ...this.place.headers,
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    const text = json === undefined ? body : JSON.stringify(json);
    this.trace.write(`${method} ${this.place.origin}${path}`, sent, text ?? '');
    const outgoing = { method, path, signal, headers: sent, ...(text === undefined ? {} : { body: text }) };
    try {
      const answer = await (this.lax
        ? exchangeLeniently({ ...this.place, maxAnswer: this.maxAnswer, ...outgoing })
        : this.exchange(outgoing, fresh === true));
      const told = answer.text;
      this.trace.write(`${answer.statusCode} ${method} ${path}`, plain(answer.headers), told);
      return {
        status: answer.statusCode,
        headers: plain(answer.headers),
        json: parse(told),
        text: told,
        excerpt: told.slice(0, 2048),
      };
    } catch (error) {
      this.trace.write(`${codeOf(error)} ${method} ${path}`, {}, '');
      throw error;
    }
  }

  private async exchange(outgoing: Dispatcher.RequestOptions, fresh: boolean): Promise<LenientAnswer> {
    const pool = fresh ? this.newPool() : this.kept();
    try {
      const { statusCode, headers, body } = await pool.request(outgoing);
      return { statusCode, headers, text: await body.text() };
    } finally {
      if (fresh) await pool.destroy();
    }
  }

  private get maxAnswer(): number {
    return this.place.maxAnswer ?? MAX_ANSWER;
  }

  /** An answer came, and was not read. */
  private unread(error: unknown): PortforwardError {
    return fail(
      'timeout',
      `${capital(this.place.label)} answered in broken HTTP: it may have happened.`,
      error,
      { retryable: true },
    );
  }

  private thrown(error: unknown, signal: AbortSignal): PortforwardError {
    return signal.aborted ? aborted(signal, this.place.label, true) : this.failure(error);
  }

  /** Ends all connections. The next request opens new ones. */
  async close(): Promise<void> {
    const pool = this.pool;
    this.pool = null;
    await pool?.destroy();
  }

  private kept(): Pool {
    this.pool ??= this.newPool();
    return this.pool;
  }

  private newPool(): Pool {
    const { origin, socketPath, localAddress, trust = {}, connections = 4 } = this.place;
    return new Pool(origin, {
      connections,
      // A kept connection may die under a request; a new one costs next to nothing on a socket.
      pipelining: socketPath === undefined ? 1 : 0,
      connect: connector(trust, socketPath),
      // Deadlines are the signal's business alone.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: this.maxAnswer,
      ...(localAddress === undefined ? {} : { localAddress }),
    });
  }

  private failure(error: unknown): PortforwardError {
    const { label, explain } = this.place;
    const code = codeOf(error);
    if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED')
      return new PortforwardError(
        'cancelled',
        `The request to ${label} was cancelled. It may have happened.`,
      );
    if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
      return fail('refused', `${capital(label)} answered with more than ${this.maxAnswer} bytes.`, error, {
        hint: 'Is it really the gateway that is meant?',
      });
    if (error instanceof OtherKey) return otherKey(error, label);
    if (isTls(code)) return untrusted(code, label, error);
    if (NOT_SENT.has(code)) {
      const better = explain?.(code);
      return fail('unreachable', better?.summary ?? `${capital(label)} cannot be reached (${code}).`, error, {
        hint: better?.hint ?? 'Look whether it is on and the address is right.',
        retryable: true,
      });
    }
    if (breaksHttp(error))
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

/** Nothing was sent: not even a login. */
function otherKey(error: OtherKey, label: string): PortforwardError {
  return new PortforwardError(
    'unreachable',
    `${capital(label)} shows another key than the pinned ones: ${error.shown}. Nothing was sent to it.`,
    {
      hint: 'Was it reset or reinstalled, or is it another device? If the key is right, pin it; `portforward gateway trust <url>` shows it.',
      cause: error,
    },
  );
}

function untrusted(code: string, label: string, cause: unknown): PortforwardError {
  const why = TLS_WORDS[code] ?? code;
  return new PortforwardError(
    'unreachable',
    `${capital(label)} is not trusted: ${why}. Nothing was sent to it.`,
    {
      hint: 'Pin its key or name its CA file: `portforward gateway trust <url>` shows the key and the line of configuration.',
      cause,
    },
  );
}

/** The commonest of OpenSSL's complaints, in words. */
const TLS_WORDS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that this machine does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate comes from an authority that this machine does not know',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet (is the clock right?)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

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
