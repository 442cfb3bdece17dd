import { parseTag } from '../../provider/rule/identity';
import type { PropertyName } from '../../provider/rule/property';
import type { Forward } from '../../provider/rule/rule';
import type { EntryWire, WantedWire } from '../api/wire';
import type { ForeignForward, KernelTable, LiveEntry } from '../kernel/kernel';

/** What the kernel does for an entry that asks for nothing: the LAN reaches the public address too. */
const HAIRPIN_HABIT = true;

/**
 * The kernel's table in the words of the API: live entries, then those of the state that the kernel does not have, then
 * foreign ones. An entry that was removed by hand reads as disabled: that is what packets find, and it can still be
 * removed by its handle, so that it does not come back with the next start.
 */
export function entriesOf(wanted: readonly WantedWire[], table: KernelTable): readonly EntryWire[] {
  const byTag = new Map(wanted.map((entry) => [entry.tag, entry]));
  const live = new Set(table.ours.map(({ tag }) => tag));
  return [
    ...table.ours.map((entry) => liveEntry(entry, byTag.get(entry.tag))),
    ...wanted.filter(({ tag }) => !live.has(tag)).map(absentEntry),
    ...table.foreign.map(foreignEntry),
  ];
}

function liveEntry(
  { tag, forward, restriction, blocked }: LiveEntry,
  known: WantedWire | undefined,
): EntryWire {
  return {
    handle: tag,
    tag: parseTag(tag) ? tag : null,
    id: known?.id ?? null,
    forward: {
      ...forward,
      enabled: true,
      hairpin: forward.hairpin ?? HAIRPIN_HABIT,
      description: known?.forward.description ?? '',
    },
    restriction,
    label: `chain ${tag} in table inet portforward`,
    changeable: true,
    blocked,
    ...(known ? changesIn(forward, known.forward) : {}),
  };
}

/** Of what the tag says nothing of: whoever knows the tag alone cannot see that somebody changed it. */
function changesIn(live: Forward, wanted: Forward): Pick<EntryWire, 'changed'> {
  const changed: PropertyName[] = [];
  if (!wanted.enabled) changed.push('enabled');
  // Null for a pinhole, where there is nothing to turn on or off.
  if (live.hairpin !== null && live.hairpin !== (wanted.hairpin ?? HAIRPIN_HABIT)) changed.push('hairpin');
  if (live.log !== wanted.log) changed.push('log');
  return changed.length > 0 ? { changed } : {};
}

function absentEntry({ tag, id, forward }: WantedWire): EntryWire {
  return {
    handle: tag,
    tag,
    id,
    forward: { ...forward, enabled: false, hairpin: forward.hairpin ?? HAIRPIN_HABIT },
    restriction: null,
    label: forward.enabled
      ? `entry ${tag} of the agent, missing in table inet portforward`
      : `disabled entry ${tag} of the agent`,
    changeable: true,
    blocked: null,
  };
}

function foreignEntry({ handle, forward, restriction, label }: ForeignForward): EntryWire {
  return { handle, tag: null, id: null, forward, restriction, label, changeable: false, blocked: null };
}
