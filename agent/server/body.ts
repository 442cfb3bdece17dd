import type { IncomingMessage } from 'node:http';
import { WrongShape } from '../api/request';
import { HttpError } from './reply';

/** Reads a JSON body of at most `limit` bytes and checks its shape. Throws HttpError 400, 413, 415 or 422. */
export async function readBody<T>(
  request: IncomingMessage,
  decode: (value: unknown) => T,
  limit: number,
): Promise<T> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json' || (request.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new HttpError(
      415,
      { code: 'invalid', message: 'The body must be plain application/json.' },
      {},
      true,
    );
  const text = await collect(request, limit);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HttpError(400, { code: 'invalid', message: 'The body is not JSON.' });
  }
  try {
    return decode(value);
  } catch (error) {
    if (error instanceof WrongShape) throw refusalOf(error);
    throw error;
  }
}

function refusalOf({ path, reason }: WrongShape): HttpError {
  const index = path[0] === 'changes' ? path[1] : undefined;
  return new HttpError(422, {
    code: 'invalid',
    message: `${path.join('.') || 'The body'} ${reason}.`,
    ...(typeof index === 'number' ? { index } : {}),
  });
}

async function collect(request: IncomingMessage, limit: number): Promise<string> {
  const tooLarge = () =>
    new HttpError(
      413,
      {
        code: 'refused',
        message: `The request is larger than ${limit} bytes.`,
        hint: 'Apply fewer rules at once.',
      },
      {},
      true,
    );
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > limit) throw tooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
