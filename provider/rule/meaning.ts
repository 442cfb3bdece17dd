import { isUnknown } from './known';
import type { NamedProperty } from './property';
import { type LooseInputs, UNKNOWN, type Unknown } from './rule';

/** What the inputs say of one property, as text to compare; UNKNOWN while any part of it is. */
export function meaning(row: NamedProperty, inputs: LooseInputs): string | Unknown {
  const value = inputs[row.name];
  if (isUnknown(value)) return UNKNOWN;
  const result = row.meaning ? row.meaning(inputs) : plainMeaning(row, value);
  return isUnknown(result) ? UNKNOWN : (JSON.stringify(result) ?? 'null');
}

/** A wrong value means itself, so that it differs from every right one. */
function plainMeaning(row: NamedProperty, value: unknown): unknown {
  if (value === undefined || value === null) return row.default ?? null;
  const read = row.read(value);
  return 'value' in read ? read.value : value;
}
