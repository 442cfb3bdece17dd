import type { MischiefPlan } from '../mischief-plan';
import type { Counters } from './counters';
import type { OpenWrtDevice } from './device';
import { type Faults, type Mischief, ofTheCall } from './faults';
import { GATEWAY_ERRORS, type GatewayError, type RpcCall } from './http/envelope';
import type { Gate } from './http/rpc';
import type { Reply } from './ubus/bus';
import { ubusCode } from './ubus/codes';

const nameOf = ({ object, method }: RpcCall): string => `${object}.${method}`;

/** Between the web server and the bus: rights, the record of calls, and what goes wrong with one of them. */
export class FaultyGate implements Gate {
  /** How many calls from now the sessions end; null = they do not. */
  expireIn: number | null = null;
  /** Whether the answer of the request under way is still sent. */
  private sent = true;
  private restart = false;
  private connection = 0;

  constructor(
    private readonly device: OpenWrtDevice,
    private readonly faults: Faults,
    private readonly plan: MischiefPlan<Mischief>,
    private readonly counters: Counters,
    private readonly reboot: () => void,
  ) {}

  get bare(): boolean {
    return this.faults.bareAnswers;
  }

  /** One HTTP request, with all its calls. The power goes only when all of them are done. */
  run<T>(connection: number, answer: () => T): { answer: T; sent: boolean } {
    this.connection = connection;
    this.sent = true;
    this.restart = false;
    const result = { answer: answer(), sent: this.sent };
    if (this.restart) this.reboot();
    return result;
  }

  allows(sid: string, object: string, method: string): boolean {
    this.countDown(object, method);
    return this.device.sessions.allows(sid, 'ubus', object, method);
  }

  call(call: RpcCall): Reply {
    const reply = this.carryOut(call);
    this.record(call, reply[0]);
    return reply;
  }

  refused(call: RpcCall, error: GatewayError): void {
    this.record(call, GATEWAY_ERRORS[error][0]);
  }

  private carryOut(call: RpcCall): Reply {
    const { object, method, args, sid } = call;
    const mischief = this.plan.take(nameOf(call), ofTheCall);
    if (mischief?.how === 'denied') return [ubusCode.permissionDenied];
    const undo = mischief?.how === 'unchanged' ? this.hold(call) : null;
    const reply = this.device.bus.call(object, method, args, sid);
    undo?.();
    if (mischief?.how === 'lost' || mischief?.how === 'reboot') this.sent = false;
    if (mischief?.how === 'reboot') this.restart = true;
    return reply;
  }

  /** Lets nothing be written; gives what ends that, and puts back what was staged where the call has only staged. */
  private hold({ sid, method }: RpcCall): () => void {
    const { files, staging } = this.device;
    const staged = files.configs.map((config) => [config, [...staging.changes(sid, config)]] as const);
    const writes = method === 'apply' || method === 'commit';
    files.frozen = true;
    return () => {
      files.frozen = false;
      if (!writes) for (const [config, changes] of staged) staging.put(sid, config, changes);
    };
  }

  private countDown(object: string, method: string): void {
    if (this.expireIn === null || (object === 'session' && method === 'login')) return;
    this.expireIn -= 1;
    if (this.expireIn > 0) return;
    this.expireIn = null;
    this.device.sessions.clear();
  }

  private record(call: RpcCall, code: number): void {
    this.counters.record({ name: nameOf(call), connection: this.connection, sid: call.sid, code });
  }
}
