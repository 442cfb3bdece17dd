import { PortforwardError } from '../../rule/error';
import { type HttpAnswer, HttpClient } from '../http/client';
import type { Service } from './description';
import { type Arguments, isElsewhere, type Outputs, readSoapAnswer, soapRequest, UpnpFault } from './soap';

/** Bytes of an answer: a long description has 20 kB. */
const LONGEST_ANSWER = 256 * 1024;
/** Milliseconds for one request. A reading of a long table is many of them, and only one may hang. */
const REQUEST_TIMEOUT = 30_000;
const USER_AGENT = 'UPnP/1.1 portforward';

/** HTTP and SOAP with one gateway, which may use several ports. Every call is one request, but for those that only read. */
export class Transport {
  private readonly clients = new Map<string, HttpClient>();

  /** `localAddress` = which of this machine's addresses the gateway shall see; default the system's choice. */
  constructor(private readonly localAddress?: string) {}

  /** Fetches a document. */
  get(url: URL, signal: AbortSignal): Promise<HttpAnswer> {
    return this.client(url).request({
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: { accept: 'text/xml, application/xml' },
      signal: within(signal),
    });
  }

  /** An action that only reads: sent again where a connection breaks under it, or the answer breaks HTTP. */
  ask(service: Service, action: string, args: Arguments, signal: AbortSignal): Promise<Outputs> {
    return this.post(service, action, args, signal, true);
  }

  /**
   * An action that changes something: sent once, over a new connection, since a kept one that the router has just ended would
   * leave open whether it happened. Throws UpnpFault when it was refused, `timeout` when only a look can tell.
   */
  async change(service: Service, action: string, args: Arguments, signal: AbortSignal): Promise<Outputs> {
    try {
      return await this.post(service, action, args, signal, false);
    } catch (error) {
      if (!(error instanceof PortforwardError) || error.code !== 'refused') throw error;
      if (error instanceof UpnpFault || isElsewhere(error)) throw error;
      throw new PortforwardError('timeout', `${error.summary} It may have happened.`, {
        retryable: true,
        cause: error,
      });
    }
  }

  /** Ends all connections; the next call opens new ones. */
  async close(): Promise<void> {
    const clients = [...this.clients.values()];
    this.clients.clear();
    await Promise.all(clients.map((client) => client.close()));
  }

  private async post(
    service: Service,
    action: string,
    args: Arguments,
    signal: AbortSignal,
    idempotent: boolean,
  ): Promise<Outputs> {
    const { control } = service;
    const answer = await this.client(control).request({
      method: 'POST',
      path: `${control.pathname}${control.search}`,
      ...soapRequest(service.type, action, args),
      idempotent,
      fresh: !idempotent,
      signal: within(signal),
    });
    return readSoapAnswer(answer, action, `The gateway at ${control.host}`);
  }

  private client({ origin, host }: URL): HttpClient {
    const known = this.clients.get(origin);
    if (known) return known;
    const client = new HttpClient({
      origin,
      label: `the gateway at ${host}`,
      headers: { accept: 'text/xml', 'user-agent': USER_AGENT },
      // Small devices serve one at a time.
      connections: 1,
      maxAnswer: LONGEST_ANSWER,
      lenient: true,
      ...(this.localAddress === undefined ? {} : { localAddress: this.localAddress }),
    });
    this.clients.set(origin, client);
    return client;
  }
}

function within(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT)]);
}
