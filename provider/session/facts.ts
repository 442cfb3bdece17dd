import type { Entry } from '../backends/backend';
import { contentHash, parseTag, type Tag } from '../rule/identity';
import type { Forward } from '../rule/rule';
import { Occupancy } from './occupancy';

/*
 * Facts about entries that are asked for again and again while a batch is planned. A look never changes, so they are
 * kept beside the objects, and go with them.
 */

const contents = new WeakMap<Forward, string>();
const tags = new WeakMap<Entry, Tag | 'none'>();
const occupancies = new WeakMap<readonly Entry[], Occupancy<Entry>>();
const marks = new WeakMap<readonly Entry[], ReadonlyMap<string, readonly Entry[]>>();

/** `contentHash`, once per object. */
export function contentOf(forward: Forward): string {
  const told = contents.get(forward) ?? contentHash(forward);
  contents.set(forward, told);
  return told;
}

/** The tag of an entry of ours; null = foreign. */
export function tagOn(entry: Entry): Tag | null {
  const told = tags.get(entry) ?? (entry.tag === null ? null : parseTag(entry.tag)) ?? 'none';
  tags.set(entry, told);
  return told === 'none' ? null : told;
}

/** The entries of a table by the mark of their rule. */
export function byMark(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const told = marks.get(entries);
  if (told) return told;
  const found = new Map<string, Entry[]>();
  for (const entry of entries) {
    const tag = tagOn(entry);
    if (!tag) continue;
    const list = found.get(tag.rule);
    if (list) list.push(entry);
    else found.set(tag.rule, [entry]);
  }
  marks.set(entries, found);
  return found;
}

/** The entries of a table by the external ports that they take. */
export function occupancyOf(entries: readonly Entry[]): Occupancy<Entry> {
  const told = occupancies.get(entries);
  if (told) return told;
  const found = new Occupancy<Entry>();
  for (const entry of entries) found.add(entry.forward, entry);
  occupancies.set(entries, found);
  return found;
}
