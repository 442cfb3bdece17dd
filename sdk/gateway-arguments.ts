import type { ArgumentFact, BackendKind } from '../provider/backends/kind';
import { gatewayArguments } from '../provider/pulumi/configuration';
import { hasCode } from '../provider/rule/error';
import { UNKNOWN } from '../provider/rule/rule';
import { isSettled, knownNow } from './known';

/**
 * What is wrong with a gateway's arguments as far as they are known, one sentence each. Secrets, and what the environment
 * holds, are judged where the gateway is spoken to.
 */
export function gatewayProblems(
  args: object,
  kind: BackendKind | undefined,
  kinds: readonly string[],
): string[] {
  const given = knownNow(args) as Record<string, unknown>;
  if (kind === undefined) return [kindProblem(given.kind, kinds)];
  const facts: Record<string, ArgumentFact> = { ...kind.arguments, ...gatewayArguments };
  for (const [name, fact] of Object.entries(kind.arguments))
    if (fact.secret)
      facts[`${name}Env`] = { type: 'text', description: `Environment variable that holds ${name}.` };

  const problems: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (name === 'kind' || value === undefined || value === UNKNOWN) continue;
    const fact = facts[name];
    // No value is shown: a secret under a mistyped name must not end up in a log.
    if (fact === undefined)
      problems.push(
        `argument "${name}" does not exist for kind "${kind.kind}"; there are: ${Object.keys(facts).join(', ')}.`,
      );
    else if (!fits(value, fact.type)) problems.push(`argument "${name}" must be ${WORDS[fact.type]}.`);
  }
  if (given.unreachable !== undefined && !['fail', 'keep', UNKNOWN].includes(given.unreachable as string))
    problems.push('argument "unreachable" must be "fail" or "keep".');
  for (const [name, fact] of Object.entries(kind.arguments))
    if (fact.required && !fact.env && fact.default === undefined && !fact.secret && given[name] === undefined)
      problems.push(`argument "${name}" is missing: ${fact.description}`);
  return problems.length > 0 ? problems : valueProblems(given, kind);
}

/** One sentence for a call without arguments, as plain JavaScript allows it. */
export function argumentsProblem(args: unknown, name: string, kinds: readonly string[]): string | null {
  const known = knownNow(args);
  if (typeof known === 'object' && known !== null && !Array.isArray(known)) return null;
  const what = args === undefined ? 'the arguments are missing' : 'the arguments must be an object';
  const example = `new Gateway(${JSON.stringify(name)}, { kind: ${JSON.stringify(kinds[0])} })`;
  return `${what}; "kind" is one of: ${kinds.join(', ')}. For example: ${example}.`;
}

function kindProblem(kind: unknown, kinds: readonly string[]): string {
  const known = kinds.join(', ');
  if (kind === UNKNOWN) return `kind is an Output, and must be plain text in the program, one of: ${known}.`;
  if (kind === undefined) return `kind is missing; it is one of: ${known}.`;
  return `kind ${JSON.stringify(kind)} is not one of: ${known}.`;
}

/** What the kind itself says of the values that are known; only what it says of one of these counts. */
function valueProblems(given: Readonly<Record<string, unknown>>, kind: BackendKind): string[] {
  const judged = Object.entries(kind.arguments).filter(
    ([name, { secret }]) => !secret && given[name] !== undefined && isSettled(given[name]),
  );
  const args = Object.fromEntries(judged.map(([name]) => [name, given[name]]));
  try {
    kind.parse(args, {});
    return [];
  } catch (error) {
    if (!hasCode(error, 'invalid')) throw error;
    return error.property !== undefined && error.property in args
      ? [`argument "${error.property}": ${error.message}`]
      : [];
  }
}

const WORDS: Record<ArgumentFact['type'], string> = {
  text: 'text',
  number: 'a number',
  boolean: 'true or false',
  list: 'a list of texts',
};

function fits(value: unknown, type: ArgumentFact['type']): boolean {
  if (type === 'list')
    return Array.isArray(value) && value.every((item) => item === UNKNOWN || typeof item === 'string');
  if (type === 'text') return typeof value === 'string';
  return typeof value === type;
}
