import type { ServerResponse } from 'node:http';
import { HUGE, PORTAL, pour } from '../../bad-answers';
import type { Mischief } from '../faults';
import { bytesOf } from '../xml';
import { headersOf, type Reply, sendRaw, statusLine } from './answer';

/** Answers as the mischief wants it, in place of this reply. */
export async function answerBadly(
  response: ServerResponse,
  { how, status, location = 'http://192.0.2.1/elsewhere' }: Mischief,
  reply: Reply,
  server: string,
): Promise<void> {
  const body = bytesOf(reply.text);
  const half = body.subarray(0, Math.ceil(body.length / 2));
  const first = statusLine(reply);
  const headers = headersOf(reply, body.length, server);
  const raw = (lines: readonly string[], end?: string): void =>
    sendRaw(response, [first, ...lines], body, end);
  switch (how) {
    case 'html':
      response.writeHead(status ?? 200, { 'Content-Type': 'text/html', Connection: 'close' });
      response.end(PORTAL);
      return;
    case 'redirect':
      response.writeHead(status ?? 302, { Location: location, Connection: 'close' });
      response.end();
      return;
    case 'empty':
      return sendRaw(response, [first, ...headersOf(reply, 0, server)], Buffer.alloc(0));
    case 'truncated':
      return sendRaw(response, [first, ...headersOf(reply, half.length, server)], half);
    case 'broken':
      return sendRaw(response, [first, ...headers], half);
    case 'stalled':
      response.socket?.write(Buffer.concat([Buffer.from([first, ...headers, '', ''].join('\r\n')), half]));
      return;
    case 'bare-lf':
      return raw(headers, '\n');
    case 'folded-header':
      return raw([...headers, 'X-Comment: a long one\r\n that goes on']);
    case 'control-character':
      return raw([...headers, 'X-Comment: bell\x07']);
    case 'space-before-colon':
      return raw([...headers, 'X-Comment : late']);
    case 'double-length':
      return raw([...headers, `Content-Length: ${body.length + 1}`]);
    case 'huge':
      return long(response, HUGE);
    case 'endless':
      return long(response, Number.POSITIVE_INFINITY);
    default:
      response.socket?.destroy();
  }
}

/** XML with one long text. */
function long(response: ServerResponse, length: number): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'text/xml', Connection: 'close' });
  return pour(response, ['<?xml version="1.0"?><root><text>', '</text></root>'], length);
}
