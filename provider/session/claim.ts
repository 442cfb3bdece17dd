import type { Entry, WantedEntry } from '../backends/backend';
import { equal } from '../rule/equal';
import type { PortforwardError } from '../rule/error';
import { adoptMatches, makeTag, naturalKey } from '../rule/identity';
import { contentOf, tagOn } from './facts';
import { identity, type Task, type WantedPart } from './intent';
import { adoptsSeveral, cannotAdopt, notAdoptable, otherContent } from './messages';
import { earlier, type Standing, tellCopies } from './ownership';

/** A wanted entry and what stands for it on the device. */
export interface Pair {
  readonly wanted: WantedEntry;
  /** Its own entry, or the foreign one that it adopts; null = there is none yet. */
  readonly live: Entry | null;
  /** True when nothing needs to be done. */
  readonly good: boolean;
}

/** What a task has on the device in one look. */
export interface Claim {
  readonly pairs: readonly Pair[];
  /** Its own entries that it no longer wants. */
  readonly surplus: readonly Entry[];
  /** Everything above: no other task may see these as being in its way while this one gets on. */
  readonly mine: ReadonlySet<Entry>;
  /** Copies of its entries that somebody made, tag and all: reported, never touched. */
  readonly copies: readonly Entry[];
  /** Additions of its own in this batch, to be withdrawn if it fails. */
  readonly additions: readonly Entry[];
  readonly failure: PortforwardError | null;
}

/** What claiming needs to know of the table. */
export interface View {
  readonly entries: readonly Entry[];
  readonly marks: ReadonlyMap<string, readonly Entry[]>;
  standing(entry: Entry): Standing;
  /** False for what appeared after the batch began to write. */
  seen(entry: Entry): boolean;
}

/** Finds a task's entries in the table: takes what is its own, adopts on the user's word, tells copies apart. */
export function claim(task: Task, view: View, takenAlready: ReadonlySet<Entry>): Claim {
  const under = [...(view.marks.get(task.mark) ?? [])].sort(earlier);
  const additions = under.filter((entry) => task.added.has(entry.tag ?? '') && !view.seen(entry));
  const strays = under.filter((entry) => task.copies.has(identity(entry)));
  const own = tellCopies(
    under.filter((entry) => !strays.includes(entry)),
    task.contents,
    new Set([...task.claimed, ...additions.map(identity)]),
  );
  const copies = [...strays, ...own.copies];
  const creates = task.intent.kind === 'create';
  const met = creates ? own.mine.filter((entry) => !isSettled(entry, task, additions)) : [];
  const mine = own.mine.filter((entry) => !met.includes(entry));

  const paired = pairOwn(task, mine);
  const adoption = adopt(task, view, paired, [...met, ...copies], takenAlready);
  const clash = met.find((entry) => !adoption.entries.has(entry));
  const pairs = paired.map(({ wanted, live }) => {
    const entry = live ?? adoption.byWanted.get(wanted) ?? null;
    return { wanted, live: entry, good: entry !== null && isGood(task, wanted, entry) };
  });
  const used = new Set(pairs.map(({ live }) => live));
  return {
    pairs,
    surplus: mine.filter((entry) => !used.has(entry)),
    mine: new Set([...mine, ...adoption.entries]),
    copies: copies.filter((entry) => !adoption.entries.has(entry)),
    additions,
    failure: adoption.failure ?? (clash ? otherContent(task.intent.id, clash) : null),
  };
}

/** Whether the entry is as wanted; what expires must also have been renewed by this batch. */
function isGood(task: Task, wanted: WantedEntry, entry: Entry): boolean {
  const expiring = !entry.permanent && wanted.lease !== null;
  const written = task.attempts.has(`put ${wanted.tag}`);
  if ((expiring || task.rewrite) && !written) return false;
  if (expiring && entry.expires !== null && entry.expires < (task.lived.get(identity(entry)) ?? 0))
    return false;
  return entry.tag === wanted.tag && entry.restriction === null && equal(wanted.forward, entry.forward);
}

/** In a create: an entry that a crash left as it is wanted, or that this very batch has dealt with. */
function isSettled(entry: Entry, task: Task, additions: readonly Entry[]): boolean {
  return (
    task.contents.has(contentOf(entry.forward)) ||
    task.claimed.has(identity(entry)) ||
    additions.includes(entry)
  );
}

interface Paired {
  readonly wanted: WantedEntry;
  readonly live: Entry | null;
}

/**
 * Equal content stands for what is wanted, and keeps its tag; failing that, an entry that was written with this content
 * and changed by hand is mended in place. New parts take the numbers that are free.
 */
function pairOwn(task: Task, mine: readonly Entry[]): readonly Paired[] {
  const free = new Set(mine);
  const take = (fits: (entry: Entry) => boolean): Entry | null => {
    for (const entry of free) {
      if (!fits(entry)) continue;
      free.delete(entry);
      return entry;
    }
    return null;
  };
  const written = (entry: Entry): string => tagOn(entry)?.content ?? '';
  const equals = task.wanted.map(({ content }) => {
    const same = (entry: Entry): boolean => contentOf(entry.forward) === content;
    return take((entry) => same(entry) && written(entry) === content) ?? take(same);
  });
  const lives = task.wanted.map(
    ({ content }, index) => equals[index] ?? take((entry) => written(entry) === content),
  );
  const numbers = partNumbers(task.wanted, lives);
  return task.wanted.map(({ forward, lease }, index) => ({
    wanted: {
      tag: makeTag(task.intent.id, forward, numbers[index] as number),
      id: task.intent.id,
      forward,
      lease,
    },
    live: lives[index] ?? null,
  }));
}

function partNumbers(wanted: readonly WantedPart[], lives: readonly (Entry | null)[]): readonly number[] {
  const taken = new Set<number>();
  const kept = wanted.map((_, index) => {
    const live = lives[index];
    const part = live ? tagOn(live)?.part : undefined;
    if (part === undefined || taken.has(part)) return null;
    taken.add(part);
    return part;
  });
  let next = 0;
  return kept.map((part) => {
    if (part !== null) return part;
    while (taken.has(next)) next += 1;
    taken.add(next);
    return next;
  });
}

interface Adoption {
  readonly byWanted: ReadonlyMap<WantedEntry, Entry>;
  readonly entries: ReadonlySet<Entry>;
  readonly failure: PortforwardError | null;
}

const nothing: Adoption = { byWanted: new Map(), entries: new Set(), failure: null };

/** The foreign entry that the user's word names. `strays` = entries under the rule's own tag that are not its own. */
function adopt(
  task: Task,
  view: View,
  paired: readonly Paired[],
  strays: readonly Entry[],
  takenAlready: ReadonlySet<Entry>,
): Adoption {
  const { intent } = task;
  if (intent.kind !== 'create' || intent.rule.adopt === null) return nothing;
  const open = paired.filter(({ live }) => live === null).map(({ wanted }) => wanted);
  if (open.length === 0) return nothing;
  const word = intent.rule.adopt;
  const candidates = view.entries.filter(
    (entry) => !takenAlready.has(entry) && (strays.includes(entry) || view.standing(entry).kind !== 'owned'),
  );
  const named = candidates.filter((entry) => adoptMatches(word, entry));
  if (named.length > 1) return { ...nothing, failure: adoptsSeveral(intent.id, word, named) };
  const [entry] = named;
  // On a gateway that needs several entries for it, the word may name the whole.
  const whole = !entry && adoptMatches(word, { handle: '', forward: intent.rule.forward });
  const byWanted = new Map<WantedEntry, Entry>();
  if (entry) byWanted.set(bestFit(open, entry), entry);
  if (whole) {
    for (const wanted of open) {
      const parts = candidates.filter((one) => naturalKey(one.forward) === naturalKey(wanted.forward));
      if (parts.length > 1) return { ...nothing, failure: adoptsSeveral(intent.id, word, parts) };
      if (parts[0]) byWanted.set(wanted, parts[0]);
    }
  }
  for (const [, taken] of byWanted) {
    const why = notAdoptable(taken);
    if (why !== null) return { ...nothing, failure: cannotAdopt(intent.id, taken, why) };
  }
  return { byWanted, entries: new Set(byWanted.values()), failure: null };
}

function bestFit(open: readonly WantedEntry[], entry: Entry): WantedEntry {
  const content = contentOf(entry.forward);
  const key = naturalKey(entry.forward);
  const fit =
    open.find(({ forward }) => contentOf(forward) === content) ??
    open.find(({ forward }) => naturalKey(forward) === key) ??
    open[0];
  return fit as WantedEntry;
}
