import { type IncomingHttpHeaders, request as plainRequest, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { SteppedClock } from '../../../../lab/simulators/clock';
import type { OpenWrtOptions } from '../../../../lab/simulators/openwrt/options';
import { OpenWrtSimulator } from '../../../../lab/simulators/openwrt/simulator';

/* Calls by node:http(s) alone, as the note on OpenWrt's protocol spells them. */

export const NOBODY = '0'.repeat(32);

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** One request, on a connection of its own. Rejects when the connection breaks. */
export function raw(
  url: string,
  { body, ...options }: RequestOptions & { readonly body?: string } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? tlsRequest : plainRequest;
    const request = send(
      url,
      {
        agent: false,
        method: body === undefined ? 'GET' : 'POST',
        ...options,
        ...{ rejectUnauthorized: false },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Whatever JSON holds: tests look into it and fail where it is otherwise. */
type Parsed = ReturnType<typeof JSON.parse>;
type Json = Readonly<Record<string, unknown>>;
/** What `result` holds: a code, and data where there are any. */
type Result = readonly [code: number, data?: Record<string, Parsed>];

let ids = 0;

export const callBody = (sid: string, object: string, method: string, args: unknown = {}): Json => {
  ids += 1;
  return { jsonrpc: '2.0', id: ids, method: 'call', params: [sid, object, method, args] };
};

/** A router with a clock that stands still, and who calls it. */
export class Practice {
  private constructor(
    readonly router: OpenWrtSimulator,
    readonly clock: SteppedClock,
    readonly url: string,
  ) {}

  static async start(options: OpenWrtOptions = {}): Promise<Practice> {
    const clock = new SteppedClock();
    const router = new OpenWrtSimulator({ clock, tls: false, ...options });
    return new Practice(router, clock, await router.start());
  }

  stop(): Promise<void> {
    return this.router.stop();
  }

  async json(body: unknown): Promise<Parsed> {
    return JSON.parse((await raw(`${this.url}/ubus`, { body: JSON.stringify(body) })).text);
  }

  /** The result of a call; an error of uhttpd's is its code alone. */
  async call(sid: string, object: string, method: string, args: unknown = {}): Promise<Result> {
    const answer = await this.json(callBody(sid, object, method, args));
    return answer.error ? [answer.error.code] : answer.result;
  }

  /** Logs in; gives the session. */
  async login(username = 'portforward', password = 'forward', timeout = 300): Promise<string> {
    const [code, data] = await this.call(NOBODY, 'session', 'login', { username, password, timeout });
    if (code !== 0) throw new Error(`login: ${code}`);
    return data?.ubus_rpc_session;
  }

  /** `uci` on the configuration `firewall`, in a session. */
  uci(sid: string, method: string, args: Json = {}): Promise<Result> {
    return this.call(sid, 'uci', method, { config: 'firewall', ...args });
  }

  /** Stages a redirect by this name, the note's example. */
  add(sid: string, name: string, values: Json = {}): Promise<Result> {
    return this.uci(sid, 'add', { type: 'redirect', name, values: { ...web, ...values } });
  }

  async nft(sid: string, line: string): Promise<{ code: number; stdout?: string; stderr?: string }> {
    const [code, data] = await this.call(sid, 'file', 'exec', {
      command: '/usr/sbin/nft',
      params: line.split(' '),
    });
    if (code !== 0) throw new Error(`exec: ${code}`);
    return data as { code: number; stdout?: string; stderr?: string };
  }

  /** The lines of a chain, without counters' numbers. */
  async chain(name: string): Promise<string[]> {
    const sid = await this.login();
    const { stdout = '' } = await this.nft(sid, `-s list chain inet fw4 ${name}`);
    return stdout
      .split('\n')
      .slice(2, -3)
      .map((line) => line.trim());
  }
}

/** A forward of HTTPS, as LuCI would write it. */
export const web = {
  name: 'web',
  target: 'DNAT',
  src: 'wan',
  dest: 'lan',
  proto: 'tcp',
  src_dport: '443',
  dest_ip: '192.168.1.10',
  dest_port: '443',
};
