import type { Backend, Entry, GatewayInfo } from '../backends/backend';
import { PortforwardError } from '../rule/error';
import type { Failure, LooseInputs, RuleInputs } from '../rule/rule';
import type { SessionOptions } from './options';
import type { RuleState } from './state';

/** One per gateway and process: turns an engine's parallel calls into one login, one look, one batch at a time. */
export class Session {
  constructor(
    readonly backend: Backend,
    readonly options: SessionOptions,
  ) {}

  /**
   * The second gate at preview: capabilities, LANs, WANs, foreign entries in the way, management guard, from one shared look.
   * A gateway that cannot be reached gives no failures but one warning. `recorded` = the rule's state when it exists.
   */
  async check(_inputs: LooseInputs, _recorded: RuleState | null): Promise<readonly Failure[]> {
    throw new PortforwardError('internal', 'written by the session part');
  }

  /** Creates the rule `<owner>/<inputs.name>`; takes its own equal entry, adopts on the user's word. */
  async create(_inputs: RuleInputs, _signal?: AbortSignal): Promise<RuleState> {
    throw new PortforwardError('internal', 'written by the session part');
  }

  /** The live rule, or null when it is gone. Disabled and absent is correct, not gone. */
  async read(_recorded: RuleState, _signal?: AbortSignal): Promise<RuleState | null> {
    throw new PortforwardError('internal', 'written by the session part');
  }

  async update(_recorded: RuleState, _inputs: RuleInputs, _signal?: AbortSignal): Promise<RuleState> {
    throw new PortforwardError('internal', 'written by the session part');
  }

  /** Removes the entries that still carry the rule's tag. Gone already is success. */
  async delete(_recorded: RuleState, _signal?: AbortSignal): Promise<void> {
    throw new PortforwardError('internal', 'written by the session part');
  }

  /** The whole table in one look, for `portforward list`. */
  async list(_signal?: AbortSignal): Promise<readonly Entry[]> {
    throw new PortforwardError('internal', 'written by the session part');
  }

  async info(_signal?: AbortSignal): Promise<GatewayInfo> {
    throw new PortforwardError('internal', 'written by the session part');
  }

  /** Waits for running batches, then logs out. */
  async close(): Promise<void> {
    await this.backend.close();
  }
}
