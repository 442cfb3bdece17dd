import type { Forward } from '../../rule/rule';
import { readRedirect } from './read-redirect';
import { readTrafficRule } from './read-rule';
import type { Section } from './sections';

/** A section as a forward, in our words. */
export interface ReadSection {
  /** `wan` is the name of its zone, or an address. */
  readonly forward: Forward;
  /** Its zone. */
  readonly zone: string;
  /** What it says that no rule of ours can say; empty = nothing. Ports and sources are then the widest that it may mean. */
  readonly restrictions: readonly string[];
}

/** What a section forwards from one of these zones; null = nothing that a rule of ours could be. */
export function readSection(section: Section, zones: readonly string[]): ReadSection | null {
  const read =
    section.type === 'redirect'
      ? readRedirect(section.options)
      : section.type === 'rule'
        ? readTrafficRule(section.options)
        : null;
  if (!read || !zones.includes(read.zone)) return null;
  const long = Buffer.byteLength(String(section.options.name ?? '')) > MAX_NAME;
  return long
    ? { ...read, restrictions: [...read.restrictions, `a name of more than ${MAX_NAME} bytes`] }
    : read;
}

/**
 * Bytes of an option `name`. It becomes a comment in the ruleset, of which nft takes 128 bytes: with one that is too long the
 * whole ruleset does not load. fw4 adds `!fw4: ` before and ` (reflection)` behind it.
 */
export const MAX_NAME = 96;
