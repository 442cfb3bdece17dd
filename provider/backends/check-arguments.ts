import { hasCode } from '../rule/error';
import { isUnknown, isUnset } from '../rule/known';
import { readOwner } from '../rule/names';
import { type Failure, type LooseInputs, UNKNOWN } from '../rule/rule';
import { argumentsOf } from './gateway-arguments';
import type { ArgumentFact, BackendKind } from './kind';

/** A day, in seconds: what one call never takes. */
const MAX_TIMEOUT = 86_400;

/**
 * What is wrong with a gateway's arguments as far as they are known, one sentence each, without `kind`. Secrets, and what
 * the environment holds, are judged where the gateway is spoken to.
 */
export function checkArguments(given: LooseInputs, kind: BackendKind): Failure[] {
  const wrong = checkShapes(given, kind);
  return wrong.length > 0 ? wrong : checkValues(given, kind);
}

/** Names and types, and the values that every kind takes alike. No value is shown: a secret may stand under a wrong name. */
export function checkShapes(given: LooseInputs, kind: BackendKind): Failure[] {
  const facts = argumentsOf(kind);
  const failures: Failure[] = [];
  const fail = (property: string, words: string) =>
    failures.push({ property, reason: `argument "${property}" ${words}` });
  for (const [name, value] of Object.entries(given)) {
    if (name === 'kind' || isUnset(value) || value === UNKNOWN) continue;
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
    if (fact === undefined)
      fail(name, `does not exist for kind "${kind.kind}"; there are: ${Object.keys(facts).join(', ')}.`);
    else if (!fits(value, fact)) fail(name, `must be ${wordsFor(fact)}.`);
  }
  for (const [name, fact] of Object.entries(kind.arguments))
    if (fact.required && !fact.env && fact.default === undefined && !fact.secret && isUnset(given[name]))
      fail(name, `is missing: ${fact.description}`);
  if (typeof given.timeout === 'number' && !(given.timeout > 0 && given.timeout <= MAX_TIMEOUT))
    fail('timeout', `must be more than 0 and at most ${MAX_TIMEOUT} seconds.`);
  for (const name of ['name', 'endpoint']) if (given[name] === '') fail(name, 'must not be empty.');
  if (typeof given.renewBefore === 'number' && !(given.renewBefore > 0))
    fail('renewBefore', 'must be more than 0 seconds.');
  const owner = typeof given.owner === 'string' ? readOwner(given.owner) : null;
  if (owner && 'reason' in owner) fail('owner', `is wrong: ${owner.reason}`);
  return failures;
}

/** Why there is no kind of this name, as far as it is one. */
export function kindProblem(value: unknown, kinds: readonly string[]): string {
  const fault = isUnset(value) ? 'is missing; it is' : `${JSON.stringify(value)} is not`;
  return `kind ${fault} one of: ${kinds.join(', ')}.`;
}

/** What the kind itself says of the values that are known; only what it says of one of these counts. */
function checkValues(given: LooseInputs, kind: BackendKind): Failure[] {
  const judged = Object.entries(kind.arguments).filter(
    ([name, { secret }]) => !secret && !isUnset(given[name]) && !isUnknown(given[name]),
  );
  const args = Object.fromEntries(judged.map(([name]) => [name, given[name]]));
  try {
    kind.parse(args, {});
    return [];
  } catch (error) {
    if (!hasCode(error, 'invalid')) throw error;
    const { property, message } = error;
    return property !== undefined && property in args
      ? [{ property, reason: `argument "${property}": ${message}` }]
      : [];
  }
}

const WORDS: Record<ArgumentFact['type'], string> = {
  text: 'text',
  number: 'a number',
  boolean: 'true or false',
  list: 'a list of texts',
};

function wordsFor({ type, values }: ArgumentFact): string {
  return values === undefined ? WORDS[type] : values.map((value) => `"${value}"`).join(' or ');
}

function fits(value: unknown, { type, values }: ArgumentFact): boolean {
  if (values !== undefined) return values.includes(value as string);
  if (type === 'list')
    return Array.isArray(value) && value.every((item) => item === UNKNOWN || typeof item === 'string');
  return type === 'text' ? typeof value === 'string' : typeof value === type;
}
