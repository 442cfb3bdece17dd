import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MischiefPlan } from '../../mischief-plan';
import type { Counters } from '../counters';
import { type Mischief, ofTheAnswer, ofTheRequest, ofTheWait } from '../faults';
import { NULL_SID } from '../rpcd/sessions';
import { readBody } from './body';
import { errorAnswer, readCall, readRequest } from './envelope';
import { answerBadly } from './faulty-answer';
import type { Rpc } from './rpc';

export interface FrontOptions {
  readonly rpc: Rpc;
  readonly counters: Counters;
  readonly plan: MischiefPlan<Mischief>;
  /** Runs what is to be answered on this connection; tells whether the answer still goes out. */
  readonly run: <T>(connection: number, answer: () => T) => { readonly answer: T; readonly sent: boolean };
  readonly delay: () => Promise<void>;
  /** Puts in fields that nobody knows, where that is switched on. */
  readonly dress: (answer: unknown) => unknown;
}

/** Paths and methods of HTTP, as uhttpd and its ubus plugin know them. */
export class Front {
  constructor(private readonly options: FrontOptions) {}

  async handle(request: IncomingMessage, response: ServerResponse, connection: number): Promise<void> {
    this.options.counters.requests += 1;
    const [path = '/'] = (request.url ?? '/').split('?');
    if (path !== '/ubus' && !path.startsWith('/ubus/')) return page(path, response);
    if (request.method === 'POST') return this.post(path, request, response, connection);
    if (request.method === 'GET') return this.get(path, response);
    if (request.method === 'OPTIONS') {
      response.writeHead(200, JSON_HEADERS).end();
      return;
    }
    response.writeHead(400, { 'Content-Type': 'text/html' });
    response.end('<h1>Bad Request</h1>Invalid Request');
  }

  private get(path: string, response: ServerResponse): void {
    const [, object] = /^\/ubus\/list(?:\/(.*))?$/.exec(path) ?? [];
    if (/^\/ubus\/list(\/|$)/.test(path)) send(response, JSON.stringify(this.options.rpc.list(object ?? '')));
    else notFound(response);
  }

  private async post(
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
    connection: number,
  ): Promise<void> {
    const body = await readBody(request);
    if (request.destroyed && !request.complete) return;
    if (body === null) {
      // The rest of the body is never read as a request of its own.
      response.shouldKeepAlive = false;
      return send(response, JSON.stringify(errorAnswer(null, 'parse')));
    }
    const { counters, rpc, plan, delay } = this.options;
    counters.longestBody = Math.max(counters.longestBody, body.length);
    await delay();
    const [, object] = /^\/ubus\/call\/(.*)$/.exec(path) ?? [];
    if (object === undefined && path !== '/ubus' && path !== '/ubus/') return notFound(response);
    const value = parsed(body);
    if (Array.isArray(value)) counters.batches += 1;
    const names = object === undefined ? callNames(value) : [`${object}.${readRequest(value)?.method}`];
    const before = first(plan, names, ofTheRequest);
    if (before) return answerBadly(response, before, '');
    const held = first(plan, names, (one) => ofTheWait(one) && (one.where?.(names) ?? true));
    held?.reached?.();
    await held?.until;
    const { answer, sent } = this.options.run(connection, () =>
      object === undefined ? rpc.answer(value) : rpc.answerCall(object, bearer(request), value),
    );
    if (!sent) {
      response.socket?.destroy();
      return;
    }
    const text = JSON.stringify(this.options.dress(answer));
    const after = first(plan, names, ofTheAnswer);
    if (!after) return send(response, text);
    response.writeHead(200, JSON_HEADERS);
    return answerBadly(response, after, text);
  }
}

const JSON_HEADERS = { 'Content-Type': 'application/json' };

/** In chunks, as uhttpd sends. */
function send(response: ServerResponse, text: string): void {
  response.writeHead(200, JSON_HEADERS);
  response.write(text);
  response.end();
}

function notFound(response: ServerResponse): void {
  response.writeHead(404);
  response.end();
}

/** What a browser finds: the way to LuCI. */
function page(path: string, response: ServerResponse): void {
  const found = path === '/' || path === '/index.html';
  response.writeHead(found ? 200 : 404, { 'Content-Type': 'text/html' });
  response.end(
    found
      ? '<!DOCTYPE html>\n<html><head><meta http-equiv="refresh" content="0; URL=cgi-bin/luci/" /></head></html>\n'
      : `<h1>Not Found</h1>The requested URL ${path.replace(/[<>&]/g, '')} was not found on this server.`,
  );
}

/** Undefined where it is no JSON at all. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function bearer({ headers }: IncomingMessage): string {
  const [, sid = NULL_SID] = /^bearer (.*)$/i.exec(headers.authorization ?? '') ?? [];
  return sid;
}

function callNames(value: unknown): string[] {
  return [value].flat().flatMap((one) => {
    const call = readCall(readRequest(one)?.params);
    return call ? [`${call.object}.${call.method}`] : [];
  });
}

function first(
  plan: MischiefPlan<Mischief>,
  names: readonly string[],
  fits: (mischief: Mischief) => boolean,
): Mischief | null {
  for (const name of names) {
    const mischief = plan.take(name, fits);
    if (mischief) return mischief;
  }
  return null;
}
