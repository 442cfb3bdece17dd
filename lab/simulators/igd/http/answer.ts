import type { ServerResponse } from 'node:http';
import { bytesOf } from '../xml';

/** An answer before it is sent. */
export interface Reply {
  readonly status: number;
  /** The body, XML or a page. */
  readonly text: string;
  readonly type?: string;
}

const XML = 'text/xml; charset="utf-8"';

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  404: 'Not Found',
  500: 'Internal Server Error',
  501: 'Not Implemented',
};

export function page(status: number): Reply {
  const title = `${status} ${reasons[status] ?? ''}`;
  const text = `<HTML><HEAD><TITLE>${title}</TITLE></HEAD><BODY><H1>${title}</H1></BODY></HTML>\r\n`;
  return { status, text, type: 'text/html' };
}

/** Header by header, each connection for one request, as small web servers do. */
export function headersOf({ type = XML }: Reply, length: number, server: string): readonly string[] {
  return [
    `Content-Type: ${type}`,
    'Connection: close',
    `Content-Length: ${length}`,
    `Server: ${server}`,
    'Ext:',
  ];
}

export function statusLine({ status }: Reply): string {
  return `HTTP/1.1 ${status} ${reasons[status] ?? 'Error'}`;
}

/** Written by hand: the web server of Node would put in order what is wrong on purpose. */
export function sendRaw(
  response: ServerResponse,
  lines: readonly string[],
  body: Buffer,
  end = '\r\n',
): void {
  const head = Buffer.from(lines.map((line) => `${line}${end}`).join('') + end, 'latin1');
  response.socket?.end(Buffer.concat([head, body]));
}

export function send(response: ServerResponse, reply: Reply, server: string): void {
  const body = bytesOf(reply.text);
  sendRaw(response, [statusLine(reply), ...headersOf(reply, body.length, server)], body);
}
