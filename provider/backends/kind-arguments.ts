import { PortforwardError } from '../rule/error';
import { ownArguments, secretVariable, variableArgument } from './gateway-arguments';
import type { ArgumentFact } from './kind';

/*
 * What every kind of gateway does when it reads its own arguments.
 */

export type Arguments = Readonly<Record<string, unknown>>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** Throws for an argument that this kind does not take, and names those that it does. */
export function refuseUnknown(
  kind: string,
  facts: Readonly<Record<string, ArgumentFact>>,
  args: Arguments,
): void {
  const accepted = Object.keys(ownArguments({ arguments: facts }));
  const unknown = Object.keys(args).find((name) => !accepted.includes(name));
  if (unknown !== undefined)
    throw invalid(
      unknown,
      `A gateway of kind "${kind}" has no argument "${unknown}"; there are: ${accepted.join(', ')}.`,
    );
}

/**
 * The secret `name`, given itself or by the name of the variable that holds it; undefined where it is neither given nor set.
 * `variable` = where it was looked for.
 */
export function readSecret(
  name: string,
  args: Arguments,
  env: Environment,
): { readonly value: string | undefined; readonly variable: string } {
  const byName = variableArgument(name);
  const { [name]: value, [byName]: named } = args as Readonly<Record<string, string | undefined>>;
  if (value !== undefined && named !== undefined)
    throw invalid(byName, `Both "${name}" and "${byName}" are given.`, { hint: 'Leave one of them out.' });
  const variable = named ?? secretVariable(name);
  const told = value ?? (env[variable] || undefined);
  if (named !== undefined && told === undefined)
    throw invalid(byName, `The environment variable ${named}, which holds the ${name}, is not set.`, {
      hint: 'Set it where the engine runs.',
    });
  return { value: told, variable };
}

/** What an argument at fault throws. Never shows a value that may be a secret. */
export function invalid(
  property: string,
  summary: string,
  options: { readonly hint?: string } = {},
): PortforwardError {
  return new PortforwardError('invalid', summary, { ...options, property });
}
