import type { Entry } from '../backends/backend';
import type { Capabilities } from '../rule/capabilities';
import { collision } from '../rule/conflicts';
import { differences } from '../rule/equal';
import type { PortforwardError } from '../rule/error';
import type { Claim, Pair, View } from './claim';
import { identity, type Task } from './intent';
import { describe, foreignInTheWay, unchanged } from './messages';

/**
 * Another writer came right after us, and the device let him overwrite what we had put (UPnP does, for the same client): who
 * has the port now is told, instead of that nothing is there.
 */
export function overwritten(
  task: Task,
  { pairs }: Claim,
  view: View,
  capabilities: Capabilities,
): PortforwardError | null {
  if (capabilities.overlap) return null;
  for (const { wanted, live } of pairs) {
    if (live || task.attempts.get(`put ${wanted.tag}`)?.outcome !== 'done') continue;
    for (const entry of view.entries) {
      const reason = view.seen(entry) ? null : collision(wanted.forward, entry.forward, capabilities);
      const whose = view.standing(entry);
      if (reason !== null && whose.kind !== 'owned')
        return foreignInTheWay(task.intent.id, entry, whose, reason);
    }
  }
  return null;
}

/** A change of this task that was sent, and that the look shows has come to nothing. */
export function failedAttempt(task: Task, { pairs, surplus }: Claim): PortforwardError | null {
  for (const pair of pairs) {
    if (pair.good) continue;
    const error = verdict(task, `put ${pair.wanted.tag}`, () => whatDiffers(pair));
    if (error) return error;
  }
  return surplus.map((entry) => failedRemoval(task, entry)).find((error) => error !== null) ?? null;
}

/** The same for the removal of one entry. */
export function failedRemoval(task: Task, entry: Entry): PortforwardError | null {
  return verdict(task, `drop ${identity(entry)}`, () => `${describe(entry)} is still there`);
}

function verdict(task: Task, key: string, what: () => string): PortforwardError | null {
  const attempt = task.attempts.get(key);
  if (!attempt || attempt.outcome === 'unreached') return null;
  return attempt.outcome === 'done' ? unchanged(task.intent.id, what()) : attempt.error;
}

function whatDiffers({ wanted, live }: Pair): string {
  if (!live) return 'its entry is not there';
  const properties = differences(wanted.forward, live.forward);
  if (properties.length === 0) return `its entry is not as it was sent (${describe(live)})`;
  return `its entry differs in ${properties.join(', ')} (${describe(live)})`;
}
