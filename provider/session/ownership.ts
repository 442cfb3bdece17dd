import type { Entry } from '../backends/backend';
import { splitId, tagOf } from '../rule/identity';
import { contentOf, tagOn } from './facts';
import { identity } from './intent';

/** Whose an entry is. `mark` = the 16 hex of its rule. */
export type Standing =
  /** Of our owner, perhaps of another rule. `id` is null where only the mark is known. */
  | { readonly kind: 'owned'; readonly mark: string; readonly id: string }
  /** Written by portforward for another owner, or the device had no room to say for whom. */
  | { readonly kind: 'stranger'; readonly mark: string; readonly owner: string | null }
  | { readonly kind: 'foreign' };

/**
 * Tells whose an entry is. `known` = ids of our owner that this process has met, by mark: on a device without room for
 * a readable id nothing else tells a rule of ours from another owner's. A readable id counts only if the tag fits it.
 */
export function standing(entry: Entry, owner: string, known: ReadonlyMap<string, string>): Standing {
  const tag = tagOn(entry);
  if (!tag) return { kind: 'foreign' };
  const met = known.get(tag.rule);
  if (met !== undefined) return { kind: 'owned', mark: tag.rule, id: met };
  const split = entry.id !== null && tagOf(entry.id) === tag.rule ? splitId(entry.id) : null;
  if (entry.id !== null && split?.owner === owner) return { kind: 'owned', mark: tag.rule, id: entry.id };
  return { kind: 'stranger', mark: tag.rule, owner: split?.owner ?? null };
}

/** The entries under one mark: the rule's own, and copies that somebody made of them with their tag. */
export interface Own {
  readonly mine: readonly Entry[];
  readonly copies: readonly Entry[];
}

/**
 * Tells a rule's own entries from copies. An entry alone under its tag and part is the rule's, changed by hand or not;
 * of several only those whose content is recorded or wanted, that are as we wrote them (left by a crash), or that were
 * found to be ours before.
 */
export function tellCopies(
  entries: readonly Entry[],
  contents: ReadonlySet<string>,
  claimed: ReadonlySet<string> = new Set(),
): Own {
  const byPart = new Map<number, Entry[]>();
  for (const entry of entries) {
    const part = tagOn(entry)?.part ?? 0;
    byPart.set(part, [...(byPart.get(part) ?? []), entry]);
  }
  const mine: Entry[] = [];
  const copies: Entry[] = [];
  for (const [, group] of [...byPart].sort(([a], [b]) => a - b)) {
    for (const entry of group) {
      const own =
        group.length === 1 ||
        contents.has(contentOf(entry.forward)) ||
        isIntact(entry) ||
        claimed.has(identity(entry));
      (own ? mine : copies).push(entry);
    }
  }
  return { mine, copies };
}

/** Whether an entry of ours is as it was written: nobody changed by hand which packets it takes or where they go. */
export function isIntact(entry: Entry): boolean {
  return tagOn(entry)?.content === contentOf(entry.forward);
}

/**
 * Which of two entries the device made first, by their handles: devices count upwards. Where they do not, it is still
 * an order on which two writers agree.
 */
export function earlier(a: Entry, b: Entry): number {
  return a.handle.localeCompare(b.handle, 'en', { numeric: true }) || (a.handle < b.handle ? -1 : 1);
}
