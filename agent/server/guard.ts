import type { IncomingMessage } from 'node:http';
import { API_HOST } from '../api/version';
import type { Rate } from './rate';
import { HttpError } from './reply';
import type { TokenGate } from './token';

/** Names under which a socket or a forwarded port is reached. A page of somebody else's has another one. */
const HOSTS = new Set([API_HOST, 'localhost', '127.0.0.1', '[::1]']);

export interface Gates {
  readonly rate: Rate;
  /** Null = the socket's file permissions are the only lock. */
  readonly token: TokenGate | null;
}

/** What every request must pass before its path is even looked at. Throws HttpError. */
export function guard(request: IncomingMessage, { rate, token }: Gates): void {
  // No browser has business here, whatever page it shows (cross-site requests carry an Origin).
  if (request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined)
    throw new HttpError(403, { code: 'denied', message: 'Requests from web pages are refused.' }, {}, true);
  if (!HOSTS.has((request.headers.host ?? '').replace(/:[0-9]{1,5}$/, '').toLowerCase()))
    throw new HttpError(
      403,
      { code: 'denied', message: 'The Host of the request is not this agent.', hint: `Use ${API_HOST}.` },
      {},
      true,
    );
  if (!rate.take())
    throw new HttpError(
      429,
      { code: 'refused', message: 'Too many requests in a short time.', hint: 'Wait a second.' },
      { 'retry-after': '1' },
      true,
    );
  const verdict = token?.check(request.headers.authorization) ?? 'pass';
  if (verdict === 'pass') return;
  if (verdict === 'refused')
    throw new HttpError(
      401,
      {
        code: 'credential',
        message: request.headers.authorization
          ? 'The token is not the one that this agent was started with.'
          : 'This agent wants a token.',
        hint: 'Give the content of its --token-file.',
      },
      { 'www-authenticate': 'Bearer' },
      true,
    );
  throw new HttpError(
    429,
    {
      code: 'credential',
      message: `Too many wrong tokens; none is looked at for ${verdict.wait} seconds.`,
      hint: 'Correct the token before you try again.',
    },
    { 'retry-after': String(verdict.wait) },
    true,
  );
}
