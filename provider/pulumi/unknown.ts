import { UNKNOWN } from '../rule/rule';

/** What Pulumi's engine puts in place of a value that is not known yet, at any depth (checked against the SDK by a test). */
export const PULUMI_UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** The same value in our words: UNKNOWN wherever Pulumi does not know yet. */
export function markUnknown(value: unknown): unknown {
  if (value === PULUMI_UNKNOWN) return UNKNOWN;
  if (Array.isArray(value)) return value.map(markUnknown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, markUnknown(inner)]));
}
