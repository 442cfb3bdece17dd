import type { ServerResponse } from 'node:http';
import type { Mischief } from '../faults';
import { bytesOf } from '../xml';
import { headersOf, type Reply, sendRaw, statusLine } from './answer';

const HUGE = 50 * 1024 * 1024;
const CHUNK = 'x'.repeat(65_536);

/** A page as a captive portal or a broken proxy sends it. */
const PORTAL =
  '<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head><body><h1>Sign in</h1></body></html>\n';

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
      return pour(response, HUGE);
    case 'endless':
      return pour(response, Number.POSITIVE_INFINITY);
    default:
      response.socket?.destroy();
  }
}

/** XML with one text of this length, as fast as it is taken. Ends when nobody listens any more. */
async function pour(response: ServerResponse, length: number): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'text/xml', Connection: 'close' });
  response.write('<?xml version="1.0"?><root><text>');
  let goOn = (): void => undefined;
  response.on('drain', () => goOn());
  response.on('close', () => goOn());
  for (let sent = 0; sent < length && !response.destroyed; sent += CHUNK.length) {
    const taken = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    if (!response.write(CHUNK)) await taken;
  }
  response.end('</text></root>');
}
