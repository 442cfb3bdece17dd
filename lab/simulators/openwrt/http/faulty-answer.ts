import type { ServerResponse } from 'node:http';
import type { Mischief } from '../faults';

const HUGE = 50 * 1024 * 1024;
const CHUNK = 'x'.repeat(65_536);

/** A page as a captive portal or a broken proxy sends it. */
const PAGE =
  '<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head><body><h1>Sign in</h1></body></html>\n';

/** Answers as the mischief wants it, in place of this text. */
export async function answerBadly(
  response: ServerResponse,
  { how, status, location = 'http://192.0.2.1/elsewhere' }: Mischief,
  text: string,
): Promise<void> {
  const half = text.slice(0, Math.ceil(text.length / 2));
  switch (how) {
    case 'html':
      response.writeHead(status ?? 200, { 'Content-Type': 'text/html' });
      response.end(PAGE);
      return;
    case 'redirect':
      response.writeHead(status ?? 302, { Location: location });
      response.end();
      return;
    case 'empty':
      response.end();
      return;
    case 'truncated':
      response.end(half);
      return;
    case 'broken':
      response.write(half, () => response.socket?.destroy());
      return;
    case 'stalled':
      response.write(half);
      return;
    case 'huge':
      await pour(response, HUGE);
      return;
    case 'endless':
      await pour(response, Number.POSITIVE_INFINITY);
      return;
    default:
      response.socket?.destroy();
  }
}

/** JSON with one text of this length, as fast as it is taken. Ends when nobody listens any more. */
async function pour(response: ServerResponse, length: number): Promise<void> {
  const gone = new Promise((resolve) => response.once('close', resolve));
  response.write('{"jsonrpc":"2.0","id":1,"result":[0,{"text":"');
  for (let sent = 0; sent < length && !response.destroyed; sent += CHUNK.length) {
    if (response.write(CHUNK)) continue;
    await Promise.race([new Promise((resolve) => response.once('drain', resolve)), gone]);
  }
  response.end('"}]}');
}
