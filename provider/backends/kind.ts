import type { Capabilities } from '../rule/capabilities';
import type { Backend } from './backend';
import type { Discovery } from './discovery';

/** One argument of a kind of gateway, as data: configuration, Pulumi Gateway, Terraform schema and docs derive from it. */
export interface ArgumentFact {
  readonly type: 'text' | 'number' | 'boolean' | 'list';
  readonly description: string;
  /** The only values accepted, where there are few. */
  readonly values?: readonly string[];
  /** Must be set, in the configuration or, where there is `env`, in the environment. */
  readonly required?: boolean;
  /** A secret `x` also has `xEnv`, the name of the variable that the provider process reads (default: secretVariable). */
  readonly secret?: boolean;
  readonly default?: string | number | boolean;
  /** What an unset one means, in words, where there is no default. */
  readonly unset?: string;
  /** Environment variable used when the argument is absent. */
  readonly env?: string;
}

/** A kind of gateway: one folder, one line in registry.ts. `Config` is what `parse` makes of the arguments. */
export interface BackendKind<Config = unknown> {
  readonly kind: string;
  readonly title: string;
  readonly arguments: Readonly<Record<string, ArgumentFact>>;
  /** Strict: unknown or wrong arguments throw PortforwardError `invalid` that names them. `env` = the process's environment. */
  parse(args: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string | undefined>>): Config;
  /** Kind and normalised url or path: `agent:/run/portforward/agent.sock`. */
  endpoint(config: Config): string;
  connect(config: Config): Backend;
  /** Looks for gateways of this kind in the networks of this machine; absent where they cannot be found. Changes nothing. */
  discover?(interfaces: readonly string[] | null, signal: AbortSignal): Promise<Discovery>;
}

/** A kind that users can have, and what the docs say of it. */
export interface DescribedKind<Config = unknown> extends BackendKind<Config> {
  /** Its page in docs/. */
  readonly page: string;
  /** What gateways of this kind can do; where that depends on the device, the most able first, then the least. */
  capabilities(): readonly Capabilities[];
}
