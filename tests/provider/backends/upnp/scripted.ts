import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One line of the scripted gateway's table, as it goes over the wire. */
export interface Line {
  NewRemoteHost: string;
  NewExternalPort: string;
  NewProtocol: string;
  NewInternalPort: string;
  NewInternalClient: string;
  NewEnabled: string;
  NewPortMappingDescription: string;
  NewLeaseDuration: string;
}

export type Args = Readonly<Record<string, string>>;
/** What an action answers: its outputs, a UPnP error, or a raw HTTP answer. */
export type Reply = Record<string, string> | { readonly error: number; readonly text?: string } | Raw;
export interface Raw {
  readonly status: number;
  readonly body: string;
}

const WAN = 'urn:schemas-upnp-org:service:WANIPConnection:2';
const FIREWALL = 'urn:schemas-upnp-org:service:WANIPv6FirewallControl:1';

export interface ScriptOptions {
  readonly udn?: string;
  readonly host?: string;
  /** Whether its description tells of pinholes. */
  readonly pinholes?: boolean;
}

/**
 * A gateway for unit tests, on loopback: keeps mappings by protocol and port, newest first, and otherwise does what the test
 * scripts. Knows nothing of our client.
 */
export class ScriptedGateway {
  readonly lines: Line[] = [];
  readonly calls: { action: string; args: Args }[] = [];
  /** Answers instead of the gateway itself; undefined = it shall answer. */
  readonly script = new Map<string, (args: Args) => Reply | undefined>();
  description: string | null = null;
  readonly port: number;

  private constructor(
    private readonly server: Server,
    readonly udn: string,
    readonly host: string,
    private readonly pinholes: boolean,
  ) {
    this.port = (server.address() as AddressInfo).port;
  }

  static async start(options: ScriptOptions = {}): Promise<ScriptedGateway> {
    const {
      udn = 'uuid:5c000000-0000-0000-0000-000000000001',
      host = '127.0.0.1',
      pinholes = false,
    } = options;
    let gateway: ScriptedGateway | null = null;
    const server = createServer((request, response) => void gateway?.handle(request, response));
    server.listen(0, host);
    await once(server, 'listening');
    gateway = new ScriptedGateway(server, udn, host, pinholes);
    return gateway;
  }

  get url(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    return `http://${host}:${this.port}/rootDesc.xml`;
  }

  /** Puts in a line, the newest. */
  put(line: Partial<Line>): Line {
    const whole: Line = {
      NewRemoteHost: '',
      NewExternalPort: '8443',
      NewProtocol: 'TCP',
      NewInternalPort: line.NewExternalPort ?? '8443',
      NewInternalClient: '127.0.0.1',
      NewEnabled: '1',
      NewPortMappingDescription: 'by hand',
      NewLeaseDuration: '0',
      ...line,
    };
    this.lines.unshift(whole);
    return whole;
  }

  count(action: string): number {
    return this.calls.filter((call) => call.action === action).length;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.method === 'GET') return send(response, 200, this.description ?? this.describe());
    const action = /#(\w+)"$/.exec(String(request.headers.soapaction))?.[1] ?? '';
    const args = Object.fromEntries(
      [...body.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, value]) => [name, plainText(value ?? '')]),
    );
    this.calls.push({ action, args });
    const reply = this.script.get(action)?.(args) ?? this.answer(action, args);
    if ('status' in reply) return send(response, Number(reply.status), String(reply.body));
    if ('error' in reply)
      return send(response, 500, faultBody(Number(reply.error), String(reply.text ?? 'No')));
    send(response, 200, answerBody(action, reply as Record<string, string>));
  }

  private answer(action: string, args: Args): Reply {
    const same = (line: Line): boolean =>
      line.NewExternalPort === args.NewExternalPort && line.NewProtocol === args.NewProtocol;
    switch (action) {
      case 'GetStatusInfo':
        return { NewConnectionStatus: 'Connected', NewLastConnectionError: 'ERROR_NONE', NewUptime: '1' };
      case 'GetExternalIPAddress':
        return { NewExternalIPAddress: '11.22.33.1' };
      case 'GetGenericPortMappingEntry': {
        const line = this.lines[Number(args.NewPortMappingIndex)];
        return line ? { ...line } : { error: 713, text: 'SpecifiedArrayIndexInvalid' };
      }
      case 'GetSpecificPortMappingEntry': {
        const line = this.lines.find(same);
        return line ? { ...line } : { error: 714, text: 'NoSuchEntryInArray' };
      }
      case 'AddPortMapping': {
        const there = this.lines.find(same);
        if (there && there.NewInternalClient !== args.NewInternalClient) return { error: 718 };
        if (there) this.lines.splice(this.lines.indexOf(there), 1);
        this.put(args);
        return {};
      }
      case 'DeletePortMapping': {
        const there = this.lines.find(same);
        if (there) this.lines.splice(this.lines.indexOf(there), 1);
        return {};
      }
      default:
        return { error: 401, text: 'Invalid Action' };
    }
  }

  private describe(): string {
    const service = (type: string, id: string) =>
      `<service><serviceType>${type}</serviceType><serviceId>urn:upnp-org:serviceId:${id}</serviceId><SCPDURL>/x.xml</SCPDURL><controlURL>/ctl/${id}</controlURL><eventSubURL>/evt</eventSubURL></service>`;
    const services = service(WAN, 'WANIPConn1') + (this.pinholes ? service(FIREWALL, 'Firewall1') : '');
    return `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:2</deviceType><friendlyName>Scripted</friendlyName><modelName>One</modelName><UDN>${this.udn}</UDN><deviceList><device><deviceType>urn:schemas-upnp-org:device:WANDevice:2</deviceType><deviceList><device><deviceType>urn:schemas-upnp-org:device:WANConnectionDevice:2</deviceType><serviceList>${services}</serviceList></device></deviceList></device></deviceList></device></root>`;
  }
}

export function answerBody(action: string, outputs: Readonly<Record<string, string>>): string {
  const inner = Object.entries(outputs)
    .map(([name, value]) => `<${name}>${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</${name}>`)
    .join('');
  return `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><u:${action}Response xmlns:u="${WAN}">${inner}</u:${action}Response></s:Body></s:Envelope>`;
}

export function faultBody(code: number, text: string): string {
  return `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail><UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>${code}</errorCode><errorDescription>${text}</errorDescription></UPnPError></detail></s:Fault></s:Body></s:Envelope>`;
}

/** Answers searches on loopback with what `answers` says for a target; null = nothing. */
export class Announcer {
  readonly heard: { target: string; port: number }[] = [];

  private constructor(private readonly socket: Socket) {}

  static async start(answers: (target: string) => readonly string[]): Promise<Announcer> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    const announcer = new Announcer(socket);
    socket.on('message', (datagram, { address, port }) => {
      const target = /^ST: (.*)$/m.exec(datagram.toString())?.[1]?.trim() ?? '';
      announcer.heard.push({ target, port });
      for (const answer of answers(target)) socket.send(answer, port, address);
    });
    socket.bind({ address: '127.0.0.1', port: 0 });
    await once(socket, 'listening');
    return announcer;
  }

  get port(): number {
    return this.socket.address().port;
  }

  async stop(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }
}

/** An answer to a search. */
export function ssdpAnswer(location: string, target: string, udn: string): string {
  return `HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nST: ${target}\r\nUSN: ${udn}::${target}\r\nEXT:\r\nSERVER: Test UPnP/1.1 Scripted/1\r\nLOCATION: ${location}\r\nBOOTID.UPNP.ORG: 7\r\n\r\n`;
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/xml; charset="utf-8"', connection: 'close' });
  response.end(body);
}

function plainText(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
