import type { ServerResponse } from 'node:http';
import { HUGE, PORTAL, pour } from '../../bad-answers';
import type { Mischief } from '../faults';

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
      response.end(PORTAL);
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
      await pour(response, LONG, HUGE);
      return;
    case 'endless':
      await pour(response, LONG, Number.POSITIVE_INFINITY);
      return;
    default:
      response.socket?.destroy();
  }
}

/** JSON with one long text. */
const LONG = ['{"jsonrpc":"2.0","id":1,"result":[0,{"text":"', '"}]}'] as const;
