import type { Entry } from '../backends/backend';
import { isIntact } from '../session/ownership';
import { describeSources, describeTarget, describeTraffic } from './describe';

/**
 * What somebody changed by hand in an entry of ours, in words; null where nothing shows. A tag keeps only a hash of
 * what was declared, so this can tell what the entry does now, not what it did before.
 */
export function changeOf(entry: Entry): string | null {
  if (entry.tag === null) return null;
  const { forward } = entry;
  const now = isIntact(entry)
    ? []
    : [
        `it now takes ${describeTraffic(forward)} from ${describeSources(forward)} to ${describeTarget(forward)}, ` +
          'which is not what was declared',
      ];
  const restriction = restrictionOf(entry);
  const all = [...now, ...(restriction === null ? [] : [restriction])];
  return all.length > 0 ? all.join('; ') : null;
}

/** The restriction without the words that the agent begins each of its parts with; whoever prints it says them once. */
export function restrictionOf({ restriction }: Entry): string | null {
  return restriction?.replace(/(^|; )changed by hand: /g, '$1') ?? null;
}
