import type {
  ApplyOptions,
  Backend,
  Change,
  ChangeResult,
  GatewayInfo,
  Table,
  Trials,
} from '../../../provider/backends/backend';
import type { MemoryGateway } from './gateway';

/** What it tells of its trials; they end when `trialEnds` is called. */
export const TRIAL_SECONDS = 60;

/** Speaks with a gateway in memory as a backend does with a device: logs in, and again when its login has expired. */
export class MemoryClient implements Backend {
  /** Only where the gateway has commit-confirm. */
  readonly trials?: Trials;
  private session: symbol | null = null;

  constructor(private readonly gateway: MemoryGateway) {
    if (gateway.kind.trials) {
      this.trials = {
        seconds: TRIAL_SECONDS,
        confirm: (signal) => gateway.confirm(this.session, signal),
        rollback: async (signal) => {
          await gateway.rollback(this.session, signal);
          return 'nothing';
        },
      };
    }
  }

  async open(signal: AbortSignal): Promise<GatewayInfo> {
    this.session = await this.gateway.login(signal);
    return this.gateway.describe(signal);
  }

  async list(recorded: readonly string[], signal: AbortSignal): Promise<Table> {
    const session = await this.loggedIn(signal);
    await this.gateway.othersTrial(session, signal);
    return this.gateway.list(recorded, signal);
  }

  async apply(
    changes: readonly Change[],
    { generation, trial = false, signal }: ApplyOptions,
  ): Promise<readonly ChangeResult[]> {
    const session = await this.loggedIn(signal);
    await this.gateway.othersTrial(session, signal);
    return this.gateway.apply(changes, generation, signal, trial ? session : null);
  }

  async close(): Promise<void> {
    if (this.session) this.gateway.logout(this.session);
    this.session = null;
  }

  private async loggedIn(signal: AbortSignal): Promise<symbol> {
    if (!this.session || !this.gateway.isLoggedIn(this.session))
      this.session = await this.gateway.login(signal);
    return this.session;
  }
}
