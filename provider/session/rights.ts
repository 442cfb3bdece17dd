import type { Entry, Table } from '../backends/backend';
import { collision } from '../rule/conflicts';
import type { PortforwardError } from '../rule/error';
import { failedRemoval } from './attempts';
import type { Claim, Pair, View } from './claim';
import { occupancyOf } from './facts';
import type { Task } from './intent';
import { changedByHand, claimedTwice, copyInTheWay, declaredTwice, foreignInTheWay } from './messages';
import { Occupancy } from './occupancy';
import { earlier, isIntact } from './ownership';
import type { Situation } from './situation';

/**
 * Settles who may have which ports: foreign entries, copies, and rules that this run wrote are conflicts; entries of
 * our owner's other rules are handed over. A task that fails keeps what it has, so the others are looked at again.
 */
export function handOver(
  table: Table,
  tasks: readonly Task[],
  claims: ReadonlyMap<Task, Claim>,
  failures: Map<Task, PortforwardError>,
  view: View,
  situation: Situation,
): ReadonlyMap<Task, readonly Entry[]> {
  const { capabilities } = situation.info;
  const occupied = occupancyOf(table.entries);
  const holders = new Map<Entry, Task>();
  for (const [task, { mine }] of claims) for (const entry of mine) holders.set(entry, task);

  // Who has what it wants keeps it, whoever asked first.
  const settled = (task: Task): boolean =>
    claims.get(task)?.pairs.every(({ live }) => live !== null) ?? false;
  const order = [...tasks.filter(settled), ...tasks.filter((task) => !settled(task))];
  for (;;) {
    const failedBefore = failures.size;
    const accepted = new Occupancy<{ readonly task: Task; readonly pair: Pair }>();
    const handed = new Map<Task, readonly Entry[]>();
    for (const task of order) {
      if (failures.has(task)) continue;
      const { pairs } = claims.get(task) as Claim;
      const losing = new Set<Entry>();
      const failure =
        firstOf(pairs, (pair) => {
          for (const { task: other, pair: theirs } of accepted.near(pair.wanted.forward)) {
            const reason = collision(pair.wanted.forward, theirs.wanted.forward, capabilities);
            if (reason !== null && other !== task)
              return claimedTwice(task.intent.id, other.intent.id, reason);
          }
          for (const entry of occupied.near(pair.wanted.forward)) {
            const reason = collision(pair.wanted.forward, entry.forward, capabilities);
            if (reason === null) continue;
            const error = inTheWay(task, pair, entry, reason, holders, claims, failures, view, situation);
            if (error === 'hand over') losing.add(entry);
            else if (error) return error;
          }
          return null;
        }) ?? firstOf([...losing], (entry) => failedRemoval(task, entry));
      if (failure) {
        failures.set(task, failure);
        continue;
      }
      for (const pair of pairs) accepted.add(pair.wanted.forward, { task, pair });
      handed.set(task, [...losing]);
    }
    if (failures.size === failedBefore) return handed;
  }
}

/** What an entry that takes the same packets means for this task; null = nothing. */
function inTheWay(
  task: Task,
  pair: Pair,
  entry: Entry,
  reason: string,
  holders: ReadonlyMap<Entry, Task>,
  claims: ReadonlyMap<Task, Claim>,
  failures: ReadonlyMap<Task, PortforwardError>,
  view: View,
  { held, declared, info }: Situation,
): PortforwardError | 'hand over' | null {
  const holder = holders.get(entry);
  if (holder === task) return null;
  if (holder) {
    // What it wants instead is compared with what we want; what it added before failing is withdrawn.
    if (!failures.has(holder) || claims.get(holder)?.additions.includes(entry)) return null;
  }
  // Both appeared during this batch: the one that the device made later gives way.
  const late = !view.seen(entry);
  const ours = pair.live && !view.seen(pair.live) ? pair.live : null;
  if (late && ours && earlier(ours, entry) < 0) return null;
  const whose = view.standing(entry);
  if (whose.kind !== 'owned') return foreignInTheWay(task.intent.id, entry, whose, reason);
  if (whose.mark === task.mark) return copyInTheWay(task.intent.id, entry, reason);
  if (late || held.has(whose.mark)) return claimedTwice(task.intent.id, whose.id, reason);
  const meant = declared.get(whose.id);
  const both = meant ? collision(pair.wanted.forward, meant, info.capabilities) : null;
  if (both !== null) return declaredTwice(task.intent.id, whose.id, both);
  return isIntact(entry) ? 'hand over' : changedByHand(task.intent.id, whose.id, entry, reason);
}

function firstOf<T>(
  items: readonly T[],
  find: (item: T) => PortforwardError | null,
): PortforwardError | null {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return null;
}
