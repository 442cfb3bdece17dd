import { DynamicProcess, type Props } from '../support/dynamic-process';
import { PracticeGateway } from '../support/gateway';
import { ProgramDirectory } from '../support/package';
import { PracticeRouter } from '../support/router';

// Each test starts processes of its own.
jest.setTimeout(60_000);

export const HOST = '192.168.50.10';

/** A provider process and a gateway for each test; all of it is gone afterwards. */
export class Bench {
  private readonly leftovers: (() => unknown)[] = [];

  async gateway(tokenFile?: string): Promise<PracticeGateway> {
    const gateway = await PracticeGateway.start(tokenFile);
    this.leftovers.push(() => gateway.remove());
    return gateway;
  }

  async router(): Promise<PracticeRouter> {
    const router = await PracticeRouter.start();
    this.leftovers.push(() => router.remove());
    return router;
  }

  directory(): ProgramDirectory {
    const directory = new ProgramDirectory();
    this.leftovers.push(() => directory.remove());
    return directory;
  }

  async provider(config: Props, env: NodeJS.ProcessEnv = {}): Promise<DynamicProcess> {
    const provider = await DynamicProcess.start(this.directory().path, config, env);
    this.leftovers.push(() => provider.stop());
    return provider;
  }

  async clean(): Promise<void> {
    for (const leave of this.leftovers.splice(0).reverse()) await leave();
  }
}

/** The configuration that the resource of a gateway gives its provider process. */
export function configOf(gateway: PracticeGateway, more: Props = {}): Props {
  return {
    'portforward:kind': 'agent',
    'portforward:socket': gateway.socket,
    'portforward:owner': 'shop/dev',
    'portforward:name': 'home',
    ...more,
  };
}

export function rule(more: Props = {}): Props {
  return { name: 'web', externalPort: 443, internalAddress: HOST, ...more };
}
