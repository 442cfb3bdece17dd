import { PortforwardError } from '../rule/error';
import { isUnset } from '../rule/known';
import type { LooseInputs } from '../rule/rule';
import { checkShapes, kindProblem } from './check-arguments';
import { gatewayArguments, kindArgument } from './gateway-arguments';
import type { BackendKind } from './kind';

type Env = Readonly<Record<string, string | undefined>>;

/** A configured gateway: what the backend needs, and who we are to it. */
export interface GatewaySettings<Config = unknown> {
  readonly config: Config;
  readonly owner: string;
  readonly gatewayName: string;
  readonly endpoint: string;
  readonly unreachable: 'fail' | 'keep';
  /** Milliseconds. */
  readonly timeout: number;
  /** Seconds; absent = half of what the gateway granted. */
  readonly renewBefore?: number;
}

/** The kind that the arguments name, else the environment. Throws `invalid` that lists the kinds. */
export function readKind(given: LooseInputs, kinds: readonly BackendKind[], env: Env): BackendKind {
  const name = orVariable(given.kind, kindArgument.env, env);
  const found = kinds.find(({ kind }) => kind === name);
  if (found !== undefined) return found;
  const names = kinds.map(({ kind }) => kind);
  throw new PortforwardError('invalid', `The gateway's ${kindProblem(name, names)}`, {
    property: 'kind',
    hint: `Set it here or as ${kindArgument.env}.`,
  });
}

/**
 * Reads the arguments of a gateway, all known, by their own names; what is unset comes from the environment, else from the
 * defaults. Throws PortforwardError `invalid` that names the first argument at fault, and never shows one that may be a secret.
 */
export function readArguments<Config>(
  kind: BackendKind<Config>,
  given: LooseInputs,
  env: Env,
): GatewaySettings<Config> {
  const owner = orVariable(given.owner, gatewayArguments.owner.env, env);
  const [wrong] = checkShapes({ ...given, owner }, kind as BackendKind);
  if (wrong !== undefined)
    throw new PortforwardError('invalid', `The gateway's ${wrong.reason}`, { property: wrong.property });
  if (typeof owner !== 'string')
    throw new PortforwardError(
      'invalid',
      'The gateway has no owner: it is not known whose rules these are.',
      {
        property: 'owner',
        hint: `Set owner here or as ${gatewayArguments.owner.env}, for example "home/network", and keep it: the rules are found by it.`,
      },
    );

  const own = Object.entries(given).filter(
    ([name, value]) => name !== 'kind' && !Object.hasOwn(gatewayArguments, name) && !isUnset(value),
  );
  const config = kind.parse(Object.fromEntries(own), env);
  const endpoint = (given.endpoint ?? kind.endpoint(config)) as string;
  return {
    config,
    owner,
    endpoint,
    gatewayName: (given.name ?? endpoint) as string,
    unreachable: given.unreachable === 'keep' ? 'keep' : gatewayArguments.unreachable.default,
    ...(typeof given.renewBefore === 'number' ? { renewBefore: given.renewBefore } : {}),
    timeout: 1000 * (typeof given.timeout === 'number' ? given.timeout : gatewayArguments.timeout.default),
  };
}

/** Empty text in the environment is as good as none. */
function orVariable(value: unknown, variable: string, env: Env): unknown {
  return isUnset(value) ? env[variable] || undefined : value;
}
