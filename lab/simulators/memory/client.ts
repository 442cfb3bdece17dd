import type {
  ApplyOptions,
  Backend,
  Change,
  ChangeResult,
  GatewayInfo,
  Table,
} from '../../../provider/backends/backend';
import type { MemoryGateway } from './gateway';

/** Speaks with a gateway in memory as a backend does with a device: logs in, and again when its login has expired. */
export class MemoryClient implements Backend {
  private session: symbol | null = null;

  constructor(private readonly gateway: MemoryGateway) {}

  async open(signal: AbortSignal): Promise<GatewayInfo> {
    this.session = await this.gateway.login(signal);
    return this.gateway.describe(signal);
  }

  async list(recorded: readonly string[], signal: AbortSignal): Promise<Table> {
    await this.loggedIn(signal);
    return this.gateway.list(recorded, signal);
  }

  async apply(
    changes: readonly Change[],
    { generation, signal }: ApplyOptions,
  ): Promise<readonly ChangeResult[]> {
    await this.loggedIn(signal);
    return this.gateway.apply(changes, generation, signal);
  }

  async close(): Promise<void> {
    if (this.session) this.gateway.logout(this.session);
    this.session = null;
  }

  private async loggedIn(signal: AbortSignal): Promise<void> {
    if (!this.gateway.isLoggedIn(this.session)) this.session = await this.gateway.login(signal);
  }
}
