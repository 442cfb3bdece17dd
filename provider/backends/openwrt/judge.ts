import type { Table } from '../backend';
import { blockedBy } from './blocked';
import type { SectionEntry } from './codec';
import { prove } from './proof';
import type { Reading } from './reading';
import { generationOf } from './sections';
import { unlistedOf } from './unlisted';

/**
 * The table that a reading shows: what the configuration says, as far as the firewall has it in force, and what it has in
 * force beyond. `unsettled` = where the two do not fit together, in words that stay the same; empty = they fit.
 */
export function judge(
  { sections, zones, found, chains }: Reading,
  reasons: ReadonlyMap<string, string>,
  removed: readonly SectionEntry[],
): { readonly table: Table; readonly unsettled: string } {
  const proof = prove(found, chains, zones, reasons);
  const unlisted = unlistedOf(found, proof.explained, chains, zones, removed);
  const entries = proof.entries.map((entry, index) => {
    const ours = entry.tag !== null && entry.forward.enabled && entry.restriction === null;
    return ours ? { ...entry, blocked: blockedBy(found[index] as SectionEntry, chains) } : entry;
  });
  return {
    table: { generation: generationOf(sections), entries: [...entries, ...unlisted.entries] },
    unsettled: [...proof.unsettled, ...unlisted.unsettled].sort().join('\n'),
  };
}
