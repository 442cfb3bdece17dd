import { join } from 'node:path';
import { DynamicProcess, type Props } from '../../support/dynamic-process';
import { ProgramDirectory } from '../../support/package';

/** Its gateways may be such as tests serve. */
const SERVED = {
  NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, '..', '..', 'support', 'served', 'register.js'))}`,
};

/** The provider process of a gateway, which is a resource with a process of its own. */
export type Providers = (gateway: string) => Promise<DynamicProcess>;

/**
 * Processes of their own for each command, as engines start them. The next one starts while the one before is at work: most
 * of their time is spent on loading.
 */
export class ProviderProcesses {
  private directory: ProgramDirectory | null = null;
  private next: Promise<DynamicProcess> | null = null;

  /** One command; `configOf` = how a gateway is declared. */
  async during<T>(
    configOf: (gateway: string) => Props,
    work: (providers: Providers) => Promise<T>,
  ): Promise<T> {
    const started = new Map<string, Promise<DynamicProcess>>();
    const providers: Providers = (gateway) => {
      const provider = started.get(gateway) ?? this.configured(configOf(gateway));
      started.set(gateway, provider);
      return provider;
    };
    try {
      return await work(providers);
    } finally {
      for (const provider of started.values()) await (await provider).stop();
    }
  }

  async end(): Promise<void> {
    await (await this.next)?.stop();
    this.directory?.remove();
    [this.next, this.directory] = [null, null];
  }

  private async configured(config: Props): Promise<DynamicProcess> {
    const taken = this.next ?? this.launched();
    this.next = this.launched();
    const provider = await taken;
    await provider.configure(config);
    return provider;
  }

  private launched(): Promise<DynamicProcess> {
    this.directory ??= new ProgramDirectory();
    return DynamicProcess.launch(this.directory.path, SERVED);
  }
}
