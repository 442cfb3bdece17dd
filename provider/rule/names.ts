import { quote } from './quote';
import type { Read } from './read';

export const NAME_ACCEPTED = '1-63 of A-Z a-z 0-9 . _ -';
export const OWNER_ACCEPTED = '1-200 of A-Z a-z 0-9 . _ - /, without an empty part between slashes';

/** Reads `name`: it stands in ids, tags and on devices, so it must be safe everywhere. */
export function readName(value: unknown): Read<string> {
  if (typeof value === 'string' && /^[A-Za-z0-9._-]{1,63}$/.test(value)) return { value };
  const meant =
    typeof value === 'string'
      ? value
          .trim()
          .replace(/[^A-Za-z0-9._-]+/g, '-')
          .slice(0, 63)
          .replace(/^-+|-+$/g, '')
      : '';
  return {
    reason: `${quote(value)} is not a usable name; accepted: ${NAME_ACCEPTED}.${meant ? ` Did you mean "${meant}"?` : ''}`,
  };
}

/** Reads an owner: it stands before the name in every id, so it must be as safe as that. */
export function readOwner(value: unknown): Read<string> {
  const safe =
    typeof value === 'string' && value.length <= 200 && /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/.test(value);
  return safe ? { value } : { reason: `${quote(value)} is not a usable owner; accepted: ${OWNER_ACCEPTED}.` };
}
