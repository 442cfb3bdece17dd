import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackendKind } from '../../../provider/backends/kind';
import { kinds as realKinds } from '../../../provider/backends/registry';
import { terraformProvider } from '../../../provider/terraform/rpc/provider';
import { SOURCE } from '../../../provider/terraform/source';
import { reattachValue } from '../../../provider/terraform/wire/attach';
import { type Provider, startProvider } from '../../../provider/terraform/wire/provider';

/**
 * The provider in this process, for engines that are told to use it: their commands take a fifth of the time, and tests can
 * reach into its gateways. Each connection of an engine has a provider of its own, as elsewhere a process.
 */
export class AttachedProvider {
  private readonly directory = mkdtempSync(join(tmpdir(), 'pf-'));
  private readonly connections = new Set<Socket>();
  private server: Server | null = null;

  private constructor() {}

  /** `kinds` = of gateways, beside the real ones. `env` = what the provider sees of the environment. */
  static async start(
    kinds: readonly BackendKind[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<AttachedProvider> {
    const attached = new AttachedProvider();
    const load = () => terraformProvider({ kinds: [...realKinds, ...kinds], env });
    attached.server = createServer((connection) => {
      const provider = startProvider(load, null, () => undefined);
      attached.connections.add(connection);
      connection.once('close', () => {
        attached.connections.delete(connection);
        void end(provider);
      });
      provider.serve(connection);
    });
    await new Promise<void>((resolve) => attached.server?.listen(attached.socket, resolve));
    return attached;
  }

  /** What leads an engine here. */
  get env(): NodeJS.ProcessEnv {
    return { TF_REATTACH_PROVIDERS: reattachValue(SOURCE, this.socket, process.pid) };
  }

  async stop(): Promise<void> {
    for (const connection of this.connections) connection.destroy();
    await new Promise((resolve) => this.server?.close(resolve));
    rmSync(this.directory, { recursive: true, force: true });
  }

  private get socket(): string {
    return join(this.directory, 's');
  }
}

async function end(provider: Provider): Promise<void> {
  provider.stop('The engine is gone.');
  await provider.idle();
  await provider.end();
}
