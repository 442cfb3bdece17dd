import type { ArgumentFact, BackendKind } from '../provider/backends/kind';
import { gatewayArguments } from '../provider/pulumi/configuration';
import { UNKNOWN } from '../provider/rule/rule';
import { knownNow } from './known';

/**
 * What is wrong with a gateway's arguments as far as they are known, one sentence each. Values that only the gateway's
 * kind can judge are judged where it is spoken to.
 */
export function gatewayProblems(
  args: object,
  kind: BackendKind | undefined,
  kinds: readonly string[],
): string[] {
  const given = knownNow(args) as Record<string, unknown>;
  if (kind === undefined) {
    const shown = given.kind === UNKNOWN ? 'not known yet' : (JSON.stringify(given.kind) ?? 'missing');
    return [`kind is ${shown}, and must be text known in the program: ${kinds.join(', ')}.`];
  }
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
  return problems;
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
