import { UNKNOWN } from './rule';

/** True for a value that says nothing: unset properties come as undefined (Pulumi) or null (Terraform). */
export function isUnset(value: unknown): boolean {
  return value === undefined || value === null;
}

/** True for a value that is there and can be checked now. */
export function isKnown(value: unknown): boolean {
  return !isUnset(value) && value !== UNKNOWN;
}
