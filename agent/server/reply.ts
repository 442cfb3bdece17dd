import type { IncomingMessage, ServerResponse } from 'node:http';
import { PortforwardError } from '../../provider/rule/error';
import { API_HEADER, API_VERSION } from '../api/version';
import type { ErrorReply } from '../api/wire';
import { ChangeError } from '../daemon/change-error';

/** A refusal with its HTTP status. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly reply: ErrorReply,
    readonly headers: Readonly<Record<string, string>> = {},
    /** True when the rest of the request must not be read. */
    readonly close = false,
  ) {
    super(reply.message);
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = Buffer.from(`${JSON.stringify(body)}\n`);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': text.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    [API_HEADER]: String(API_VERSION),
    ...headers,
  });
  response.end(text);
}

/** Answers with what went wrong; an error that is none of ours says only that, and goes to the log whole. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  log: (line: string) => void,
): void {
  if (response.headersSent || response.destroyed) return;
  const { status, reply, headers, close } = httpErrorOf(error, log);
  if (close) {
    response.shouldKeepAlive = false;
    // The answer may still reach a sender who looks for it; what it goes on sending is thrown away.
    request.resume();
  }
  sendJson(response, status, reply, headers);
}

function httpErrorOf(error: unknown, log: (line: string) => void): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof PortforwardError)
    return new HttpError(statusOf(error), {
      code: error.code,
      message: error.summary,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.property === undefined ? {} : { property: error.property }),
      ...(error instanceof ChangeError ? { index: error.index } : {}),
    });
  log(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return new HttpError(500, {
    code: 'internal',
    message: 'The agent met an error of its own.',
    hint: 'Its log on the gateway has the details.',
  });
}

function statusOf(error: PortforwardError): number {
  if (error.code === 'stale') return 412;
  if (error.code === 'internal') return 500;
  return 422;
}
