import { table } from '../../rule/properties';
import type { Failure, LooseInputs } from '../../rule/rule';
import { snake } from '../schema/names';

/** What HCL itself does to a value before we see it, added to a complaint about that value. */
export function hinted(failure: Failure, inputs: LooseInputs): Failure {
  const hint = hintFor(failure.property, inputs[failure.property]);
  return hint === null ? failure : { ...failure, reason: `${failure.reason} ${hint}` };
}

function hintFor(property: string, value: unknown): string | null {
  const type = Object.hasOwn(table, property) ? table[property as keyof typeof table].type : null;
  // No port is negative, and a range without quotes nearly always is.
  if (type === 'ports' && typeof value === 'string' && /^-[0-9]+$/.test(value))
    return `Without quotes HCL subtracts: write a range as ${snake(property)} = "8000-8010".`;
  if (type === 'texts' && Array.isArray(value) && value.length === 0)
    return `Where the list may be empty and everyone is meant then: ${snake(property)} = length(var.x) > 0 ? var.x : null.`;
  return null;
}
