import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { MischiefPlan } from '../../mischief-plan';
import type { Counters } from '../counters';
import { controlPath, DESCRIPTION_PATH, describeGateway, scpdPath } from '../description';
import type { IgdDevice, Service } from '../device';
import { DaemonDied, UpnpFault } from '../errors';
import { type Faults, type Mischief, ofTheAnswer, ofTheCall, ofTheRequest } from '../faults';
import { describeActions } from '../scpd';
import { answerOf, faultOf, readCall, type SoapCall } from '../soap';
import { page, type Reply, send } from './answer';
import { answerBadly } from './faulty-answer';

export interface FrontOptions {
  readonly device: IgdDevice;
  readonly counters: Counters;
  readonly faults: Faults;
  readonly plan: MischiefPlan<Mischief>;
  /** Resolves when the request may be looked at. */
  readonly pause: () => Promise<void>;
  /** The address of the one who asks, as the router sees it. */
  readonly asker: (peer: string) => string;
  /** What a mischief does to the whole router. */
  readonly reboot: () => void;
  /** The daemon is gone. */
  readonly die: () => void;
}

/** Longest request. */
const ROOM = 65_536;

/** Paths and methods of HTTP: the descriptions, and the control of each service. */
export class Front {
  constructor(private readonly options: FrontOptions) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    await this.options.pause();
    // Who has gone away meanwhile wants nothing any more.
    if (request.socket.destroyed || body === null) return void request.socket.destroy();
    const from = this.options.asker(plain(request.socket.remoteAddress ?? ''));
    if (!byAddress(request)) return this.plain('other', from, response, page(404));
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (request.method === 'GET') return this.get(path, from, response);
    if (request.method !== 'POST') return this.plain('other', from, response, page(501));
    const service = this.options.device.services.find((one) => controlPath(one) === path);
    if (!service) return this.plain('other', from, response, page(404));
    const header = request.headers.soapaction;
    const call = readCall(typeof header === 'string' ? header : undefined, body);
    if (!call) return this.plain('other', from, response, page(400));
    return this.control(service, call, from, response);
  }

  private get(path: string, from: string, response: ServerResponse): Promise<void> {
    const { device, faults } = this.options;
    const service = device.services.find((one) => scpdPath(one) === path);
    if (service) return this.plain('scpd', from, response, { status: 200, text: describeActions(service) });
    if (path !== DESCRIPTION_PATH) return this.plain('other', from, response, page(404));
    return this.plain('description', from, response, { status: 200, text: describeGateway(device, faults) });
  }

  private async plain(name: string, from: string, response: ServerResponse, reply: Reply): Promise<void> {
    const { counters, plan, device } = this.options;
    counters.record({ name, from, code: reply.status === 200 ? 0 : reply.status, args: new Map() });
    const mischief = plan.take(
      name,
      (one) => one.how !== 'fault' && !ofTheCall(one) && isMeant(one, new Map()),
    );
    if (mischief) return answerBadly(response, mischief, reply, device.identity.server);
    send(response, reply, device.identity.server);
  }

  private async control(
    service: Service,
    call: SoapCall,
    from: string,
    response: ServerResponse,
  ): Promise<void> {
    const { counters, device, plan } = this.options;
    const { action, args } = call;
    const { server } = device.identity;
    const before = plan.take(action, (one) => ofTheRequest(one) && isMeant(one, args));
    if (before && before.how !== 'fault') {
      counters.record({ name: action, from, code: -1, args });
      return answerBadly(response, before, page(500), server);
    }
    if (!device.knows(service, call) && device.habits.unknownAction === 'cut') {
      counters.record({ name: action, from, code: 401, args });
      return void response.socket?.destroy();
    }
    const during = before ? null : plan.take(action, (one) => ofTheCall(one) && isMeant(one, args));
    during?.reached?.();
    await during?.until;
    const outcome = before
      ? new UpnpFault(before.code ?? 501, before.words)
      : this.carryOut(service, call, from, during?.how === 'unchanged');
    if (outcome === null) return this.options.die();
    const code = typeof outcome === 'string' ? 0 : outcome.code;
    counters.record({ name: action, from, code, args });
    if (during?.how === 'reboot') return this.options.reboot();
    if (during?.how === 'lost') return void response.socket?.destroy();
    const reply: Reply =
      typeof outcome === 'string'
        ? { status: 200, text: outcome }
        : { status: 500, text: faultOf(outcome, device.habits.faultNames) };
    const after = plan.take(action, (one) => ofTheAnswer(one) && isMeant(one, args));
    return after ? answerBadly(response, after, reply, server) : send(response, reply, server);
  }

  /** The answer's text, or why there is none; null when nobody is left to answer. */
  private carryOut(
    service: Service,
    call: SoapCall,
    from: string,
    unchanged: boolean,
  ): string | UpnpFault | null {
    const { device, faults } = this.options;
    const undo = unchanged ? device.memento() : null;
    const args = new Map(call.args);
    if (faults.dropRemoteHost && args.has('NewRemoteHost')) args.set('NewRemoteHost', '');
    try {
      return answerOf(call, device.call(service, { ...call, args }, from));
    } catch (error) {
      if (error instanceof UpnpFault) return error;
      if (error instanceof DaemonDied) return null;
      throw error;
    } finally {
      undo?.();
    }
  }
}

/** Null when it is too long. */
async function read(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > ROOM) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

/** A name in Host may be a trick to get a browser to us (DNS rebinding): only addresses are served. */
function byAddress({ headers }: IncomingMessage): boolean {
  const [, bracketed, bare] = /^(?:\[([^\]]+)\]|([^:]*))(?::[0-9]+)?$/.exec(headers.host ?? '') ?? [];
  return isIP(bracketed ?? bare ?? '') !== 0;
}

function plain(address: string): string {
  return address.replace(/^::ffff:/, '');
}

/** Whether it befalls calls with these arguments. */
function isMeant({ where }: Mischief, args: ReadonlyMap<string, string>): boolean {
  return where?.(args) ?? true;
}
