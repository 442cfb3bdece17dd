import type { Change, Entry } from '../backends/backend';
import type { Capabilities } from '../rule/capabilities';
import { collision } from '../rule/conflicts';
import type { PortforwardError } from '../rule/error';
import type { Claim, Pair } from './claim';
import { identity, type Task } from './intent';
import type { Situation } from './situation';

/** One change, and on whose behalf: an entry may be in the way of several. */
export interface PlannedChange {
  readonly change: Change;
  readonly tasks: readonly Task[];
}

/**
 * The changes in their order: everything new before anything old goes. Where a batch is not all-or-nothing, old entries
 * of a rule stay until a look has shown the new ones.
 */
export function changes(
  tasks: readonly Task[],
  claims: ReadonlyMap<Task, Claim>,
  failures: ReadonlyMap<Task, PortforwardError>,
  handedOver: ReadonlyMap<Task, readonly Entry[]>,
  { info }: Situation,
): readonly PlannedChange[] {
  const { capabilities } = info;
  const { atomic, overlap: sideBySide } = capabilities;
  const able = tasks.filter((task) => !failures.has(task));
  const going = new Map<Entry, Task[]>();
  for (const task of able) {
    for (const entry of claims.get(task)?.surplus ?? []) addTo(going, entry, task);
    for (const entry of handedOver.get(task) ?? []) addTo(going, entry, task);
  }
  const missing = able.flatMap((task) =>
    (claims.get(task)?.pairs ?? []).filter(({ good }) => !good).map((pair) => ({ task, pair })),
  );
  const first: PlannedChange[] = [];
  const puts: PlannedChange[] = [];
  for (const { task, pair } of missing) {
    const room = sideBySide ? { before: pair.live, inTheWay: [] } : makeRoom(pair, going, capabilities);
    for (const entry of room.inTheWay) first.push({ change: { op: 'remove', before: entry }, tasks: [task] });
    puts.push({ change: put(pair, room.before), tasks: [task] });
  }
  const waiting = new Set(atomic ? [] : missing.map(({ task }) => task));
  const drops = new Map<Entry, Task[]>();
  for (const [entry, on] of going) {
    if (!on.some((task) => waiting.has(task))) drops.set(entry, on);
  }
  for (const [task] of failures) {
    for (const entry of claims.get(task)?.additions ?? []) {
      if (!task.attempts.has(`drop ${identity(entry)}`)) addTo(drops, entry, task);
    }
  }
  const last = [...drops].map(
    ([before, on]): PlannedChange => ({ change: { op: 'remove', before }, tasks: on }),
  );
  return [...first, ...puts, ...last];
}

function put({ wanted }: Pair, before: Entry | null): Change {
  return before ? { op: 'edit', before, wanted } : { op: 'add', wanted };
}

/**
 * Where the port is the device's key, the entry that has the port and is to go becomes the new one in place. What else
 * of the going has some of its ports must go first: such a device can hold no two of them. Takes both out of `going`.
 */
function makeRoom(
  { wanted, live }: Pair,
  going: Map<Entry, Task[]>,
  capabilities: Capabilities,
): { readonly before: Entry | null; readonly inTheWay: readonly Entry[] } {
  const found = [...going.keys()].filter(
    (entry) => collision(wanted.forward, entry.forward, capabilities) !== null,
  );
  const before = live ?? found[0] ?? null;
  for (const entry of found) going.delete(entry);
  return { before, inTheWay: found.filter((entry) => entry !== before) };
}

function addTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
