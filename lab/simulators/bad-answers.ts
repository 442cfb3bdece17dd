import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** A page as a captive portal or a broken proxy sends it. */
export const PORTAL =
  '<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head><body><h1>Sign in</h1></body></html>\n';

/** Bytes of an answer that is far too long. */
export const HUGE = 50 * 1024 * 1024;
const CHUNK = 'x'.repeat(65_536);

/** One text of this length between a beginning and an end, as fast as it is taken. Ends when nobody listens any more. */
export async function pour(
  response: ServerResponse,
  [beginning, end]: readonly [string, string],
  length: number,
): Promise<void> {
  response.write(beginning);
  for (let sent = 0; sent < length && !response.destroyed; sent += CHUNK.length)
    if (!response.write(CHUNK)) await drained(response);
  response.end(end);
}

async function drained(response: ServerResponse): Promise<void> {
  const closed = new AbortController();
  const end = (): void => closed.abort();
  response.once('close', end);
  try {
    if (!response.destroyed) await once(response, 'drain', { signal: closed.signal });
  } catch {
    // Nobody listens any more.
  } finally {
    response.off('close', end);
  }
}
