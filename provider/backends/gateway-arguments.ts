import type { ArgumentFact, BackendKind } from './kind';

/** Which kind of gateway it is; the other arguments depend on it. */
export const kindArgument = {
  type: 'text',
  required: true,
  description: 'The kind of the gateway.',
  env: 'PORTFORWARD_KIND',
} as const satisfies ArgumentFact;

/** What every kind of gateway takes. No kind may use these names for its own. */
export const gatewayArguments = {
  owner: {
    type: 'text',
    required: true,
    description: "Whose rules these are; part of every rule's id on the gateway.",
    env: 'PORTFORWARD_OWNER',
  },
  name: {
    type: 'text',
    description: "The gateway's name in state and messages.",
    unset: 'the endpoint',
  },
  endpoint: {
    type: 'text',
    description:
      'What state records as the place of the gateway, where machines reach one device by different paths.',
    unset: 'its kind and its URL or path',
  },
  unreachable: {
    type: 'text',
    values: ['fail', 'keep'],
    description:
      'What a refresh does while the gateway does not answer: `fail` ends it, `keep` keeps the recorded rules with a warning.',
    default: 'fail',
  },
  renewBefore: {
    type: 'number',
    description:
      'Seconds that a mapping which expires shall still live when it is renewed; for gateways whose mappings expire.',
    unset: 'half of what the gateway granted',
  },
  timeout: {
    type: 'number',
    description: 'Seconds that one call to the gateway may take.',
    default: 30,
  },
} as const satisfies Readonly<Record<string, ArgumentFact>>;

/** All that a gateway of this kind takes, beside `kind` itself. */
export function argumentsOf(kind: BackendKind): Readonly<Record<string, ArgumentFact>> {
  return { ...ownArguments(kind), ...gatewayArguments };
}

/** What this kind takes and others may not. A secret `x` has `xEnv` beside it. */
export function ownArguments({
  arguments: own,
}: Pick<BackendKind, 'arguments'>): Readonly<Record<string, ArgumentFact>> {
  const pairs = Object.entries(own).flatMap(([name, fact]): [string, ArgumentFact][] =>
    fact.secret
      ? [
          [name, fact],
          [variableArgument(name), variableFact(name)],
        ]
      : [[name, fact]],
  );
  return Object.fromEntries(pairs);
}

/** The argument that names the variable which holds a secret. */
export function variableArgument(secret: string): string {
  return `${secret}Env`;
}

/** The variable that is read when neither a secret nor the name of its variable is given: `caToken` -> `PORTFORWARD_CA_TOKEN`. */
export function secretVariable(secret: string): string {
  return `PORTFORWARD_${secret.replace(/[A-Z]/g, '_$&').toUpperCase()}`;
}

function variableFact(secret: string): ArgumentFact {
  return {
    type: 'text',
    description: `The environment variable that holds \`${secret}\`, read where the gateway is spoken to.`,
    default: secretVariable(secret),
  };
}
