import type { Entry } from '../backends/backend';
import type { Forward } from '../rule/rule';
import { isIntact } from '../session/ownership';
import { describeSources, describeTarget, describeTraffic } from './describe';

/**
 * What somebody changed by hand in an entry of ours, in words; null where nothing shows. A tag keeps only a hash of
 * what was declared, so this can tell what the entry does now, not what it did before; of what is not in the hash the
 * gateway tells, if it remembers.
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
  const hidden = hiddenChangeOf(entry);
  const all = [...now, ...(hidden === null ? [] : [hidden])];
  return all.length > 0 ? all.join('; ') : null;
}

/** What of it neither ports nor target nor sources show. */
export function hiddenChangeOf(entry: Entry): string | null {
  const switches = (entry.changed ?? []).flatMap((property) => SWITCHES[property]?.(entry.forward) ?? []);
  const restriction = restrictionOf(entry);
  const all = [...switches, ...(restriction === null ? [] : [restriction])];
  return all.length > 0 ? all.join('; ') : null;
}

/** What the tag says nothing of, as it is now. */
const SWITCHES: Readonly<Record<string, (now: Forward) => string[]>> = {
  // One that is off is told as that, for it may be declared so.
  enabled: ({ enabled }) => (enabled ? ['it is switched on, which is not what was declared'] : []),
  hairpin: ({ hairpin }) => [`hosts inside ${hairpin ? 'now' : 'no longer'} reach it at the public address`],
  log: ({ log }) => [log ? 'its connections are now logged' : 'its connections are no longer logged'],
};

/** The restriction without the words that the agent begins each of its parts with; whoever prints it says them once. */
function restrictionOf({ restriction }: Entry): string | null {
  return restriction?.replace(/(^|; )changed by hand: /g, '$1') ?? null;
}
