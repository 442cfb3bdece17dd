import type { Arguments } from '../ubus/arguments';
import { isTable } from '../ubus/arguments';
import type { Bus, Reply } from '../ubus/bus';
import {
  bareAnswer,
  classicAnswer,
  errorAnswer,
  type GatewayError,
  idOf,
  type RpcCall,
  readCall,
  readRequest,
} from './envelope';

/** What stands between HTTP and the bus. */
export interface Gate {
  /** Whether this session may call the method; using a session keeps it alive. */
  allows(sid: string, object: string, method: string): boolean;
  /** Calls the method, or what a fault puts in its place. */
  call(call: RpcCall): Reply;
  /** A call that was refused before it came to the bus. */
  refused(call: RpcCall, error: GatewayError): void;
  /** Whether also the classic path answers as newer versions do elsewhere. */
  readonly bare: boolean;
}

/** The ubus plugin of uhttpd: from JSON to JSON. */
export class Rpc {
  constructor(
    private readonly bus: Bus,
    private readonly gate: Gate,
  ) {}

  /** `POST /ubus`: one request, or an array of them that is answered in order. */
  answer(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.answerOne(each));
    return this.answerOne(value);
  }

  /** `POST /ubus/call/<object>` of newer versions: the session is a bearer token. */
  answerCall(object: string, sid: string, value: unknown): unknown {
    const request = readRequest(value);
    if (!request) return errorAnswer(idOf(value), 'parse');
    const call = { sid, object, method: request.method, args: isTable(request.params) ? request.params : {} };
    return this.carryOut(request.id, call, bareAnswer);
  }

  /** `GET /ubus/list[/<object>]` of newer versions. */
  list(pattern: string): unknown {
    const all = this.bus.signatures(pattern === '' ? '*' : pattern);
    return pattern === '' ? all : (all[pattern] ?? {});
  }

  private answerOne(value: unknown): unknown {
    const request = readRequest(value);
    if (!request) return errorAnswer(idOf(value), 'parse');
    const { id, method, params } = request;
    if (method === 'list') return { jsonrpc: '2.0', id, result: this.listed(params) };
    if (method !== 'call') return errorAnswer(id, 'method');
    const call = readCall(params);
    if (!call) return errorAnswer(id, 'parse');
    return this.carryOut(id, call, this.gate.bare ? bareAnswer : classicAnswer);
  }

  private listed(params: unknown): unknown {
    if (!Array.isArray(params)) return this.bus.names;
    return Object.assign({}, ...params.map((pattern) => this.bus.signatures(String(pattern))));
  }

  private carryOut(id: unknown, call: RpcCall, answer: typeof classicAnswer): unknown {
    const error = this.error(call, call.args);
    if (error === null) return answer(id, this.gate.call(call));
    this.gate.refused(call, error);
    return errorAnswer(id, error);
  }

  private error({ sid, object, method }: RpcCall, args: Arguments): GatewayError | null {
    if (!this.bus.has(object)) return 'object';
    if (!this.gate.allows(sid, object, method)) return 'access';
    return 'ubus_rpc_session' in args ? 'params' : null;
  }
}
