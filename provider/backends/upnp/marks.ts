import { parseTag } from '../../rule/identity';
import { isCut, tagOn } from './codec';
import type { Mapping } from './mapping';
import type { WanConnection } from './wan';

/**
 * Whether a gateway keeps the descriptions of mappings, by which ours are known; learned from the first that is written. One
 * that cuts them short will do, for what is left can be recognised. One that writes its own will not: the mapping would be
 * nobody's as soon as this process ends.
 */
export class Marks {
  private kept = false;

  /** What stands in the place of the description that was just written; null = it is there, or enough of it. */
  async replaced(mapping: Mapping, connection: WanConnection, signal: AbortSignal): Promise<string | null> {
    if (this.kept) return null;
    const there = await connection.under(mapping, signal);
    // Not there, or with another target: that is for the next look to tell.
    if (!there || there.client !== mapping.client || there.internalPort !== mapping.internalPort) return null;
    const tag = parseTag(mapping.description)?.text ?? '';
    const told = tagOn(there.description)?.text;
    if (told === undefined && !isCut({ ...mapping, ...there }, tag)) return there.description;
    // Another tag is that of another process of ours, which was here meanwhile.
    this.kept = told === undefined || told === tag;
    return null;
  }
}
