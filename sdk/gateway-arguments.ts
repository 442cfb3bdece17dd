import { checkArguments, kindProblem } from '../provider/backends/check-arguments';
import type { BackendKind } from '../provider/backends/kind';
import { type LooseInputs, UNKNOWN } from '../provider/rule/rule';
import { knownNow } from './known';

/**
 * What is wrong with a gateway's arguments as far as they are known, one sentence each. Secrets, and what the environment
 * holds, are judged where the gateway is spoken to.
 */
export function gatewayProblems(
  args: object,
  kind: BackendKind | undefined,
  kinds: readonly string[],
): string[] {
  const given = knownNow(args) as LooseInputs;
  if (kind !== undefined) return checkArguments(given, kind).map(({ reason }) => reason);
  if (given.kind === UNKNOWN)
    return [`kind is an Output, and must be plain text in the program, one of: ${kinds.join(', ')}.`];
  return [kindProblem(given.kind, kinds)];
}

/** One sentence for a call without arguments, as plain JavaScript allows it. */
export function argumentsProblem(args: unknown, name: string, kinds: readonly string[]): string | null {
  const known = knownNow(args);
  if (typeof known === 'object' && known !== null && !Array.isArray(known)) return null;
  const what = args === undefined ? 'the arguments are missing' : 'the arguments must be an object';
  const example = `new Gateway(${JSON.stringify(name)}, { kind: ${JSON.stringify(kinds[0])} })`;
  return `${what}; "kind" is one of: ${kinds.join(', ')}. For example: ${example}.`;
}
