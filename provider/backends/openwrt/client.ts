import { PortforwardError } from '../../rule/error';
import { quote } from '../../rule/quote';
import { type HttpAnswer, HttpClient } from '../http/client';
import { readJson } from '../http/read-json';
import type { OpenwrtConfig } from './config';
import { plainText } from './plain-text';

/** One method of one ubus object. */
export interface Call {
  readonly object: string;
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What became of a call. A negative code is uhttpd's, a positive one that of ubus (libubus.h, enum ubus_msg_status). */
export type Reply =
  | { readonly ok: true; readonly data: Readonly<Record<string, unknown>> | null }
  | { readonly ok: false; readonly code: number; readonly words: string };

export interface Sending {
  readonly signal: AbortSignal;
  /** Over a connection of its own. */
  readonly fresh?: boolean;
  /** Changes nothing: may be sent once more when a connection breaks. */
  readonly idempotent?: boolean;
}

/** The sid of whoever has not logged in. */
export const NOBODY = '0'.repeat(32);
/** uhttpd takes bodies of 65 536 bytes and closes the connection on longer ones (UH_UBUS_MAX_POST_SIZE in ubus.c). */
const MAX_BODY = 60_000;
/** The configuration and some chains of at most 256 kB each. */
const MAX_ANSWER = 16 * 1024 * 1024;

/** Codes of libubus and of uhttpd's ubus.c. */
export const UBUS = { invalid: 2, notFound: 4, noData: 5, denied: 6, timeout: 7, tooLong: 8 } as const;
export const GATEWAY = { parse: -32700, noObject: -32000, denied: -32002, timeout: -32003 } as const;

const UBUS_WORDS: Readonly<Record<number, string>> = {
  1: 'Invalid command',
  2: 'Invalid argument',
  3: 'Method not found',
  4: 'Not found',
  5: 'No response',
  6: 'Permission denied',
  7: 'Request timed out',
  8: 'Operation not supported',
  9: 'Unknown error',
  10: 'Connection failed',
  11: 'Out of memory',
  12: 'Parsing message data failed',
  13: 'System error',
};

/** JSON-RPC of uhttpd-mod-ubus, the classic form: several calls travel in one request and are done in their order. */
export class UbusClient {
  readonly label: string;
  private readonly http: HttpClient;
  private readonly path: string;

  constructor({ target: { url, trust }, password }: OpenwrtConfig) {
    const { origin, pathname } = new URL(url);
    this.path = pathname === '/' ? '/ubus' : pathname;
    this.label = `the router at ${url}`;
    this.http = new HttpClient({
      origin,
      label: this.label,
      trust,
      connections: 1,
      secrets: [password],
      maxAnswer: MAX_ANSWER,
      explain: (code) =>
        code === 'ECONNREFUSED'
          ? {
              summary: `Nobody listens at ${origin}.`,
              hint: 'Is uhttpd running there, and https switched on (docs/gateways/openwrt.md)?',
            }
          : null,
    });
  }

  /** This value is in no trace from now on. */
  hide(secret: string): void {
    this.http.hide(secret);
  }

  /** Replies in the order of the calls. Throws PortforwardError where the whole request has no answer that can be read. */
  async send(sid: string, calls: readonly Call[], sending: Sending): Promise<readonly Reply[]> {
    const replies: Reply[] = [];
    for (const batch of batches(sid, calls)) replies.push(...(await this.post(batch, sending)));
    return replies;
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private async post(requests: readonly string[], sending: Sending): Promise<readonly Reply[]> {
    const answer = await this.http.request({
      method: 'POST',
      path: this.path,
      headers: { 'content-type': 'application/json' },
      body: requests.length === 1 ? (requests[0] as string) : `[${requests.join(',')}]`,
      ...sending,
    });
    this.checkStatus(answer);
    const json = readJson(answer, this.label);
    const replies = Array.isArray(json) ? json : [json];
    const [first] = replies.map(readReply);
    if (replies.length !== requests.length && first && !first.ok) throw this.strange(first.words);
    if (replies.length !== requests.length)
      throw this.strange(`${replies.length} replies to ${requests.length} calls`);
    return replies.map((reply) => readReply(reply) ?? this.raise(reply));
  }

  private raise(reply: unknown): never {
    throw this.strange(`a reply in a shape that we do not know (${quote(reply)})`);
  }

  private strange(what: string): PortforwardError {
    return new PortforwardError('refused', `${this.label.replace('the', 'The')} answered with ${what}.`, {
      hint: 'Is it really an OpenWrt router, of a version that is known to work (docs/gateways/openwrt.md)?',
    });
  }

  private checkStatus({ status, headers }: HttpAnswer): void {
    if (status === 200) return;
    if (status >= 300 && status < 400)
      throw new PortforwardError(
        'refused',
        `${this.label.replace('the', 'The')} sends us elsewhere (HTTP ${status}${headers.location ? ` to ${headers.location}` : ''}), where no credential goes.`,
        { hint: 'If that is the router itself, write that address as url.' },
      );
    if (status === 404)
      throw new PortforwardError(
        'version',
        `There is no ubus interface at ${this.label.slice(14)}${this.path === '/ubus' ? '/ubus' : ''}.`,
        {
          hint: 'Install uhttpd-mod-ubus and rpcd on the router; LuCI brings both.',
        },
      );
    if (status >= 500 || status === 429)
      throw new PortforwardError(
        'refused',
        `${this.label.replace('the', 'The')} is not able to answer (HTTP ${status}).`,
        {
          hint: 'Run again; if it repeats, look at its log.',
          retryable: true,
        },
      );
    throw this.strange(`HTTP ${status}`);
  }
}

/** As many calls in a request as uhttpd takes. */
function batches(sid: string, calls: readonly Call[]): string[][] {
  const all: string[][] = [];
  let size = MAX_BODY;
  for (const [id, { object, method, args }] of calls.entries()) {
    const text = JSON.stringify({ jsonrpc: '2.0', id, method: 'call', params: [sid, object, method, args] });
    const bytes = Buffer.byteLength(text) + 1;
    if (size + bytes > MAX_BODY) {
      all.push([]);
      size = 0;
    }
    all.at(-1)?.push(text);
    size += bytes;
  }
  return all;
}

/** `result: [code, data?]`, or `error: {code, message}`; null for anything else. */
function readReply(reply: unknown): Reply | null {
  if (typeof reply !== 'object' || reply === null) return null;
  const { result, error } = reply as { result?: unknown; error?: unknown };
  if (Array.isArray(result) && typeof result[0] === 'number') {
    const [code, data] = result as [number, unknown];
    if (code !== 0) return { ok: false, code, words: UBUS_WORDS[code] ?? `error ${code}` };
    return { ok: true, data: isTable(data) ? data : null };
  }
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return typeof code === 'number' ? { ok: false, code, words: plainText(message) || `error ${code}` } : null;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
