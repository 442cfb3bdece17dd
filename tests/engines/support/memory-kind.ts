import { MemoryGateway, type MemoryGatewayOptions } from '../../../lab/simulators/memory/gateway';
import type { BackendKind } from '../../../provider/backends/kind';
import { PortforwardError } from '../../../provider/rule/error';

interface MemoryConfig {
  readonly gateway: string;
  readonly password: string | null;
}

/**
 * Gateways in this process as a kind of their own, `memory`, each under a name: for what an agent never does (handles that
 * change, leases, no identity) and for every fault.
 */
export class MemoryGateways {
  private readonly gateways = new Map<string, MemoryGateway>();

  readonly kind: BackendKind<MemoryConfig> = {
    kind: 'memory',
    title: 'gateway in memory',
    arguments: {
      gateway: { type: 'text', required: true, description: 'Which one.' },
      password: { type: 'text', secret: true, description: 'Takes any.' },
    },
    parse: ({ gateway, password, passwordEnv }, env) => {
      const secret = password ?? env[(passwordEnv as string | undefined) ?? 'PORTFORWARD_PASSWORD'];
      return { gateway: gateway as string, password: (secret as string | undefined) ?? null };
    },
    endpoint: ({ gateway }) => `memory:${gateway}`,
    connect: ({ gateway, password }) => {
      this.passwords.push(password);
      return this.get(gateway).connect();
    },
  };

  /** What every session so far was opened with. */
  readonly passwords: (string | null)[] = [];

  add(name: string, options: MemoryGatewayOptions = {}): MemoryGateway {
    const gateway = new MemoryGateway(options);
    this.put(name, gateway);
    return gateway;
  }

  /** Another device answers under this name from now on. */
  put(name: string, gateway: MemoryGateway): void {
    this.gateways.set(name, gateway);
  }

  /** The same device, reached by another name. */
  alias(name: string, other: string): void {
    this.put(other, this.get(name));
  }

  private get(name: string): MemoryGateway {
    const found = this.gateways.get(name);
    if (found === undefined)
      throw new PortforwardError('invalid', `There is no gateway "${name}" in memory.`);
    return found;
  }
}
