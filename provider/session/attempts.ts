import type { Entry } from '../backends/backend';
import { differences } from '../rule/equal';
import type { PortforwardError } from '../rule/error';
import type { Claim, Pair } from './claim';
import { identity, type Task } from './intent';
import { describe, unchanged } from './messages';

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
