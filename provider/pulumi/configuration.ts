import { argumentsOf } from '../backends/gateway-arguments';
import type { BackendKind } from '../backends/kind';
import { readArguments } from '../backends/read-arguments';
import { PortforwardError } from '../rule/error';
import { Session } from '../session/session';

/** Pulumi's configuration of one provider process. */
export interface Config {
  get(key: string): string | undefined;
}

/** What a provider process needs of its surroundings. */
export interface Surroundings {
  readonly findKind: (kind: string) => BackendKind | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Receives warnings for the user. */
  readonly warn: (message: string) => void;
}

/**
 * Makes the session of a configured gateway.
 *
 * Throws PortforwardError `invalid` when the configuration is not a gateway's, names an unknown kind, or has wrong arguments.
 */
export function openSession(config: Config, { findKind, env, warn }: Surroundings): Session {
  const read = (name: string) => config.get(`portforward:${name}`);
  const name = read('kind');
  const [owner, gatewayName] = [read('owner'), read('name')];
  if (name === undefined || owner === undefined || gatewayName === undefined)
    throw new PortforwardError('invalid', 'This rule runs without a gateway.', {
      hint: 'Give it the option `gateway`, or its component `providers: [gateway]`.',
    });
  const kind = findKind(name);
  if (kind === undefined)
    throw new PortforwardError('invalid', `Gateway "${gatewayName}" is of the unknown kind "${name}".`, {
      hint: 'Install the version of portforward that knows it.',
    });

  const { config: parsed, ...options } = readArguments(kind, given(kind, read), env);
  return new Session(kind.connect(parsed), { ...options, warn });
}

/** Pulumi's configuration is text: of what is other than text it is JSON. */
function given(kind: BackendKind, read: (name: string) => string | undefined): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (const [name, fact] of Object.entries(argumentsOf(kind))) {
    const value = read(name);
    if (value !== undefined) args[name] = fact.type === 'text' ? value : fromJson(name, value);
  }
  return args;
}

/** Never shows the text: it may be a secret. */
function fromJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PortforwardError('invalid', `The gateway's argument "${name}" is not valid JSON.`, {
      hint: 'Set it through the Gateway resource.',
    });
  }
}
