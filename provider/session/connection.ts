import type { Backend, Change, ChangeResult, GatewayInfo, Table } from '../backends/backend';
import { gatewayArguments } from '../backends/gateway-arguments';
import { hasCode, type PortforwardError } from '../rule/error';
import { bounded } from './bounded';
import { ownError, sameFailure } from './failures';
import type { Clock } from './options';

/** Milliseconds one call may take unless the options say otherwise. */
export const DEFAULT_TIMEOUT = 1000 * gatewayArguments.timeout.default;
/** On devices that take a batch change by change, one deadline covers this many changes. */
const CHANGES_PER_DEADLINE = 20;

/**
 * The session's login at the device. Opens when first needed, once; after a refused credential it sends no second
 * login, for devices lock accounts; after a lost connection it opens anew, for another device or firmware may answer.
 * Calls must come one at a time.
 */
export class Connection {
  private opened: GatewayInfo | null = null;
  private needsClose = false;
  /** While changes are on trial the login that made them is kept, come what may: no other can confirm them. */
  private onTrial = false;
  private refusal: PortforwardError | null = null;

  constructor(
    private readonly backend: Backend,
    private readonly clock: Clock,
    private readonly timeout: number,
  ) {}

  /** What was told at the last login, without asking. */
  get known(): GatewayInfo | null {
    return this.opened;
  }

  async info(signal: AbortSignal): Promise<GatewayInfo> {
    if (this.refusal) throw sameFailure(this.refusal);
    if (this.opened) return this.opened;
    if (this.needsClose) await this.close();
    this.opened = await this.call(signal, this.timeout, 'logging in', (inner) => this.backend.open(inner));
    return this.opened;
  }

  async list(recorded: readonly string[], signal: AbortSignal): Promise<Table> {
    await this.info(signal);
    return this.call(signal, this.patience, 'reading its table', (inner) =>
      this.backend.list(recorded, inner),
    );
  }

  async apply(
    changes: readonly Change[],
    generation: string | null,
    trial: boolean,
    signal: AbortSignal,
  ): Promise<readonly ChangeResult[]> {
    const info = await this.info(signal);
    const deadlines = info.capabilities.atomic ? 1 : Math.ceil(changes.length / CHANGES_PER_DEADLINE);
    this.onTrial = trial;
    return this.call(signal, this.patience * deadlines, 'changing its table', (inner) =>
      this.backend.apply(changes, { generation, trial, signal: inner }),
    );
  }

  /** Seconds after which the device takes changes back unless they are confirmed; null = it never does. */
  get trialSeconds(): number | null {
    return this.backend.trials?.seconds ?? null;
  }

  async confirm(signal: AbortSignal): Promise<'confirmed' | 'nothing' | 'lost'> {
    const answer = await this.call(signal, this.timeout, 'confirming the change', async (inner) =>
      this.backend.trials ? this.backend.trials.confirm(inner) : 'nothing',
    );
    this.onTrial = false;
    return answer;
  }

  /** Takes back what is on trial. */
  async rollback(signal: AbortSignal): Promise<'nothing' | 'lost'> {
    const answer = await this.call(signal, this.timeout, 'taking the change back', async (inner) =>
      this.backend.trials ? this.backend.trials.rollback(inner) : 'nothing',
    );
    this.onTrial = false;
    return answer;
  }

  /** The trial is lost: the next call logs in anew. */
  giveUpTrial(): void {
    this.onTrial = false;
    this.opened = null;
    this.needsClose = true;
  }

  private get patience(): number {
    return Math.max(this.timeout, this.opened?.patience ?? 0);
  }

  /** Logs out; the next call logs in again. Never throws: a device that is gone has logged us out already. */
  async close(): Promise<void> {
    this.opened = null;
    this.needsClose = false;
    this.onTrial = false;
    const never = new AbortController().signal;
    await bounded(this.clock, this.timeout, never, 'logging out', () => this.backend.close()).catch(() => {});
  }

  private async call<T>(
    signal: AbortSignal,
    ms: number,
    what: string,
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    try {
      return await bounded(this.clock, ms, signal, what, run);
    } catch (thrown) {
      const error = ownError(thrown);
      if (hasCode(error, 'credential')) this.refusal = error;
      if (hasCode(error, 'unreachable', 'credential') && !this.onTrial) {
        this.opened = null;
        this.needsClose = true;
      }
      throw error;
    }
  }
}
