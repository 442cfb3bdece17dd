import { UNKNOWN, type Unknown } from './rule';

/** True for a value that says nothing: unset properties come as undefined (Pulumi) or null (Terraform). */
export function isUnset(value: unknown): boolean {
  return value === undefined || value === null;
}

/** True for a value that is there and can be checked now. */
export function isKnown(value: unknown): boolean {
  return !isUnset(value) && value !== UNKNOWN;
}

/** True for a value of which some part is not known yet. */
export function isUnknown(value: unknown): value is Unknown {
  return value === UNKNOWN || (Array.isArray(value) && value.includes(UNKNOWN));
}
