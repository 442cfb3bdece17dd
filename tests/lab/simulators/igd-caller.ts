import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';

/** Asks a gateway by hand, byte by byte, with nothing of ours between. */

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface SoapAnswer {
  readonly status: number;
  /** 0 for success, else the code of the UPnPError. */
  readonly code: number;
  readonly values: Readonly<Record<string, string>>;
  readonly text: string;
}

const TUPLE = { NewRemoteHost: '', NewExternalPort: '8443', NewProtocol: 'TCP' };

/** Arguments of AddPortMapping in their order; what is given replaces the usual. */
export function mapping(change: Readonly<Record<string, string | number>> = {}): Record<string, string> {
  const usual = {
    ...TUPLE,
    NewInternalPort: '443',
    NewInternalClient: '192.168.1.10',
    NewEnabled: '1',
    NewPortMappingDescription: 'web',
    NewLeaseDuration: '3600',
  };
  return texts({ ...usual, ...change });
}

/** Arguments of GetSpecificPortMappingEntry and DeletePortMapping. */
export function tuple(change: Readonly<Record<string, string | number>> = {}): Record<string, string> {
  return texts({ ...TUPLE, ...change });
}

function texts(values: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

export interface Caller {
  /** The own address to ask from. */
  readonly from?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function http(
  url: string,
  { from, headers, method = 'GET', body }: Caller & { readonly method?: string; readonly body?: string } = {},
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const call = request(
      url,
      { method, headers: { ...length, ...headers }, agent: false, ...(from ? { localAddress: from } : {}) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

/** `service` without `urn:schemas-upnp-org:service:`; `url` is that of the description. */
export async function soap(
  url: string,
  service: string,
  action: string,
  args: Readonly<Record<string, string>> = {},
  caller: Caller = {},
): Promise<SoapAnswer> {
  const urn = `urn:schemas-upnp-org:service:${service}`;
  const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const inner = Object.entries(args).map(([name, text]) => `<${name}>${escaped(text)}</${name}>`);
  const answer = await http(await controlUrl(url, service), {
    ...caller,
    method: 'POST',
    headers: {
      'Content-Type': 'text/xml; charset="utf-8"',
      SOAPAction: `"${urn}#${action}"`,
      ...caller.headers,
    },
    body:
      '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' +
      's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>' +
      `<u:${action} xmlns:u="${urn}">${inner.join('')}</u:${action}></s:Body></s:Envelope>`,
  });
  const text = answer.body.toString('latin1');
  return {
    status: answer.status,
    code: Number(/<errorCode>(-?[0-9]+)<\/errorCode>/.exec(text)?.[1] ?? 0),
    values: Object.fromEntries(
      [...answer.body.toString().matchAll(/<((?:New)?[A-Z]\w*)>([^<]*)<\/\1>/g)].map((match) => [
        match[1],
        match[2]?.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&') ?? '',
      ]),
    ),
    text,
  };
}

/** Where a service is controlled, as the description tells it; without the service, where it usually is. */
async function controlUrl(url: string, service: string): Promise<string> {
  const description = (await http(url)).body.toString();
  const found = new RegExp(`service:${service}</serviceType>.*?<controlURL>([^<]*)</controlURL>`, 's').exec(
    description,
  );
  const first = /WAN(?:IP|PPP)Connection.*?<controlURL>([^<]*)<\/controlURL>/s.exec(description);
  return new URL((found ?? first)?.[1] ?? '', url).href;
}

/** Every byte that comes back until the connection ends, or until there are so many. */
export async function raw(url: string, most = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const { hostname, port, pathname, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of socket) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length >= most) break;
    }
  } catch {
    // A connection that is cut ends here too.
  }
  socket.destroy();
  return Buffer.concat(chunks);
}

export interface SearchAnswer {
  readonly from: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function searchText(st: string, host = '127.0.0.1'): string {
  const lines = ['M-SEARCH * HTTP/1.1', `HOST: ${host}:1900`, 'MAN: "ssdp:discover"', 'MX: 1', `ST: ${st}`];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Searches one address, and gives the answers; `count` of them are awaited. `before` = datagrams sent first. */
export async function search(
  port: number,
  st: string,
  count: number,
  { to = '127.0.0.1', before = [] }: { readonly to?: string; readonly before?: readonly string[] } = {},
): Promise<SearchAnswer[]> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.setMulticastInterface('127.0.0.1');
  const answers: SearchAnswer[] = [];
  const enough = new Promise<void>((resolve) => {
    socket.on('message', (data, peer) => {
      const text = data.toString('latin1');
      const headers = Object.fromEntries(
        text
          .split('\r\n')
          .slice(1)
          .map((line) => line.split(/: ?(.*)/s) as [string, string])
          .map(([name, value]) => [name.toUpperCase(), value ?? '']),
      );
      answers.push({ from: peer.address, text, headers });
      if (answers.length >= count) resolve();
    });
  });
  for (const text of [...before, searchText(st, to)])
    await new Promise((resolve) => socket.send(text, port, to, resolve));
  if (count > 0) await enough;
  socket.close();
  return answers;
}
