import type { DynamicValue, EncodedValue } from '../wire/messages';
import { conform, type Manners } from './conform';
import { pack } from './pack';
import type { Typed, Values } from './type';

/**
 * As text a number keeps its decimal digits: the engine compares it with the 0.1 that its user wrote. And the engine reads it
 * with the precision of numbers in its state: else it takes the same 3600 for another, and a refresh finds a change
 * (measured: `plan -refresh-only -detailed-exitcode` ends with 2).
 */
const toEngine: Manners = {
  side: 'provider',
  extras: 'refused',
  number: (value) => (typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined),
};

/** A value for the engine: attributes left out are null, null itself is a null object. Throws for what does not fit. */
export function encode(block: Typed, values: Values | null): EncodedValue {
  return { msgpack: pack(conform(block.type, values, toEngine)) };
}

/**
 * The same for an object that is as it was `sent` to us: mostly that is sent back, which is cheaper. Not with a number in
 * it, which engines send in another way than they want it.
 */
export function encodeSame(block: Typed, values: Values | null, sent: DynamicValue | null): EncodedValue {
  const again = sent !== null && values !== null && !Object.values(values).some(isNumber);
  return again ? sent : encode(block, values);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}
