import type { ArgumentFact, BackendKind } from '../backends/kind';
import { PortforwardError } from '../rule/error';
import { Session } from '../session/session';

/** Arguments that every kind of gateway takes from Pulumi. No kind may use these names for its own. */
export const gatewayArguments: Readonly<Record<string, ArgumentFact>> = {
  owner: { type: 'text', description: 'Whose rules these are.' },
  name: { type: 'text', description: "The gateway's name in state and messages." },
  endpoint: { type: 'text', description: 'What state records as the place of the gateway.' },
  unreachable: { type: 'text', description: 'What a refresh does while the gateway does not answer.' },
  timeout: { type: 'number', description: 'Seconds that one call to the gateway may take.' },
};

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

  const parsed = kind.parse(argumentsOf(kind, read), env);
  const timeout = read('timeout');
  return new Session(kind.connect(parsed), {
    owner,
    gatewayName,
    endpoint: read('endpoint') ?? kind.endpoint(parsed),
    unreachable: read('unreachable') === 'keep' ? 'keep' : 'fail',
    ...(timeout === undefined ? {} : { timeout: seconds(timeout) * 1000 }),
    warn,
  });
}

function argumentsOf(kind: BackendKind, read: (name: string) => string | undefined): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (const [name, fact] of Object.entries(kind.arguments)) {
    const value = read(name);
    if (value !== undefined) args[name] = fact.type === 'text' ? value : fromJson(name, value);
    const variable = fact.secret ? read(`${name}Env`) : undefined;
    if (variable !== undefined) args[`${name}Env`] = variable;
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

function seconds(text: string): number {
  const value = fromJson('timeout', text);
  if (typeof value === 'number' && value > 0) return value;
  throw new PortforwardError('invalid', `The gateway's argument "timeout" is ${text}.`, {
    hint: 'It takes seconds, more than 0.',
  });
}
