import type { IncomingMessage } from 'node:http';
import { MAX_BODY } from '../api/limits';
import { decodeBatch } from '../api/request';
import { API_VERSION } from '../api/version';
import type { Daemon } from '../daemon/daemon';
import { readBody } from './body';
import { HttpError } from './reply';

export interface Answer {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Route = { readonly method: string; readonly answer: (request: IncomingMessage) => Promise<Answer> };

/** The whole interface: four paths, each matched as a whole. */
export function routes(daemon: Daemon): (request: IncomingMessage) => Promise<Answer> {
  const table = new Map<string, Route>([
    ['/v1/status', { method: 'GET', answer: async () => ({ body: await daemon.status() }) }],
    [
      '/v1/entries',
      {
        method: 'GET',
        answer: async () => {
          const body = await daemon.entries();
          return { body, headers: { etag: `"${body.generation}"` } };
        },
      },
    ],
    ['/v1/counters', { method: 'GET', answer: async () => ({ body: await daemon.counters() }) }],
    ['/v1/batch', { method: 'POST', answer: (request) => batch(daemon, request) }],
  ]);
  return async (request) => {
    const path = request.url ?? '';
    const route = table.get(path);
    if (route === undefined) throw unknownPath(path);
    if (request.method !== route.method)
      throw new HttpError(
        405,
        { code: 'invalid', message: `${path} takes ${route.method} alone.` },
        { allow: route.method },
        true,
      );
    return route.answer(request);
  };
}

async function batch(daemon: Daemon, request: IncomingMessage): Promise<Answer> {
  const match = /^"([^"]{1,64})"$/.exec(request.headers['if-match'] ?? '')?.[1];
  if (match === undefined)
    throw new HttpError(
      428,
      {
        code: 'invalid',
        message: 'A batch needs If-Match with the generation that it was planned on.',
        hint: 'Take the ETag of /v1/entries.',
      },
      {},
      true,
    );
  const reply = await daemon.batch(match, await readBody(request, decodeBatch, MAX_BODY));
  return { body: reply, headers: { etag: `"${reply.generation}"` } };
}

function unknownPath(path: string): HttpError {
  const asked = /^\/v([0-9]{1,4})\//.exec(path)?.[1];
  if (asked !== undefined && Number(asked) !== API_VERSION)
    return new HttpError(
      404,
      {
        code: 'version',
        message: `This agent speaks version ${API_VERSION} of its interface, the caller version ${asked}.`,
        hint: 'Install the same version of portforward on both machines.',
      },
      {},
      true,
    );
  return new HttpError(404, { code: 'invalid', message: 'There is nothing at this path.' }, {}, true);
}
