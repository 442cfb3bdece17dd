import type { ChangeResult, Entry, Table, WantedEntry } from '../backends/backend';
import { hasCode, PortforwardError } from '../rule/error';
import type { PlannedChange } from './changes';
import type { Connection } from './connection';
import { tagOn } from './facts';
import { ownError } from './failures';
import { type Attempt, changeKey, type Task } from './intent';
import { describe, RuleName } from './messages';
import type { Step } from './trial';

/** What sending needs of a batch. */
export interface Sending {
  readonly connection: Connection;
  /** Aborts when nobody waits for the batch any more. */
  readonly signal: AbortSignal;
  /** Something is about to be sent for this task: from now on it may be on the device. */
  sending(task: Task): void;
}

/**
 * Sends the changes and notes what became of each. `effective` = the table may have changed, `none` = it has not,
 * `raced` = another writer was first, `split` = all were refused together, and the bad one must be found.
 */
export async function send(
  { changes: planned, trial }: Step,
  table: Table,
  atomic: boolean,
  on: Sending,
): Promise<'effective' | 'none' | 'raced' | 'split'> {
  const sending = planned.map(({ change }) => change);
  let results: readonly ChangeResult[];
  const concerned = new Set(planned.flatMap(({ tasks }) => tasks));
  for (const task of concerned) on.sending(task);
  try {
    results = await on.connection.apply(sending, table.generation, trial, on.signal);
  } catch (thrown) {
    const error = ownError(thrown);
    if (hasCode(error, 'stale')) return 'raced';
    if (atomic && hasCode(error, 'refused') && concerned.size > 1) return 'split';
    for (const one of planned) note(one, thrownOutcome(error));
    return 'effective';
  }
  const refused = results.some(({ status }) => status === 'refused');
  const allSkipped = !results.some(({ status }) => status === 'done') && !refused;
  for (const [index, one] of planned.entries()) {
    const result = results[index] ?? { status: 'skipped' };
    if (result.status === 'done') note(one, () => ({ outcome: 'done' }));
    else if (result.status === 'refused') note(one, refusal(one, result.message, result.hint));
    else if (allSkipped) note(one, refusal(one, 'it skipped the change without saying why'));
  }
  return atomic && (refused || allSkipped) ? 'none' : 'effective';
}

function note({ change, tasks }: PlannedChange, outcome: (before: Attempt | undefined) => Attempt): void {
  const key = changeKey(change);
  for (const task of tasks) {
    task.attempts.set(key, outcome(task.attempts.get(key)));
    if (change.op === 'add' || (change.op === 'edit' && isRenewed(change.before, change.wanted, task)))
      task.added.add(change.wanted.tag);
  }
}

/** Its own entry with other content: if the rule fails it is withdrawn like an added one, for the old one is gone. */
function isRenewed(before: Entry, { tag }: WantedEntry, { mark }: Task): boolean {
  return before.tag !== tag && tagOn(before)?.rule === mark;
}

/** A failure of the whole call: refused for good, nothing sent, or nobody knows. */
function thrownOutcome(error: PortforwardError): (before: Attempt | undefined) => Attempt {
  if (hasCode(error, 'unreachable')) {
    return (before) => ({ outcome: before?.outcome === 'unreached' ? 'refused' : 'unreached', error });
  }
  return () => ({ outcome: hasCode(error, 'timeout', 'cancelled', 'internal') ? 'lost' : 'refused', error });
}

function refusal({ change, tasks }: PlannedChange, words: string, hint?: string): () => Attempt {
  const what = change.op === 'remove' ? `to remove ${describe(change.before)}` : `entry ${change.wanted.tag}`;
  return () => {
    const subject = RuleName(tasks[0]?.intent.id ?? '');
    const error = new PortforwardError('refused', `${subject}: the gateway refused ${what}: ${words}`, {
      ...(hint === undefined ? {} : { hint }),
    });
    return { outcome: 'refused', error };
  };
}
