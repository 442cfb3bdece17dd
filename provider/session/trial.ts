import type { Table, WantedEntry } from '../backends/backend';
import { hasCode, PortforwardError } from '../rule/error';
import { narrower } from '../rule/narrower';
import type { PlannedChange } from './changes';
import { pause } from './clock';
import type { Connection } from './connection';
import { ownError } from './failures';
import { changeKey } from './intent';
import { RuleName } from './messages';
import type { Clock } from './options';

/** What goes to the device together. */
export interface Step {
  readonly changes: readonly PlannedChange[];
  /** True = it must be confirmed, or the device takes it back. */
  readonly trial: boolean;
}

/** How often confirming is tried again when the new connection fails: a device may still be loading its rules. */
const CONFIRM_RETRIES = 3;
/** Milliseconds before the second try; four times as long each further one. */
const FIRST_PAUSE = 100;

/**
 * Which of the planned changes go together, on a device with commit-confirm. What could cut our own way goes on trial; what
 * only takes away goes by itself and is final, for a device that took it back would open a port again. The rest is planned
 * afresh after the next look.
 */
export function nextStep(planned: readonly PlannedChange[], sideBySide: boolean): Step {
  const trial = sideBySide ? planned.some(opens) : planned[0] !== undefined && opens(planned[0]);
  const apart = planned.findIndex((one) => opens(one) !== trial);
  // Where an entry must make room for another, the order holds.
  if (!sideBySide) return { changes: apart < 0 ? planned : planned.slice(0, apart), trial };
  return { changes: planned.filter((one) => opens(one) === trial), trial };
}

function opens({ change }: PlannedChange): boolean {
  if (change.op === 'remove') return false;
  const before = change.op === 'edit' ? change.before.forward : null;
  return before ? !narrower(before, change.wanted.forward) : change.wanted.forward.enabled;
}

/** How a trial ended. `look` = only another look tells what the device kept. A failure means that it takes all of it back. */
export type Verdict = 'confirmed' | 'look' | PortforwardError;

/**
 * Ends a trial by the look that was had after it: confirms it where anything of it is in force, else takes it back, for
 * then it may be what the device cannot load, and must not become permanent.
 */
export async function endTrial(
  trial: readonly PlannedChange[],
  table: Table,
  connection: Connection,
  clock: Clock,
  signal: AbortSignal,
): Promise<Verdict> {
  const inForce = trial.some(({ change }) => change.op !== 'remove' && shows(table, change.wanted));
  for (let attempt = 1; ; attempt += 1) {
    try {
      const ended = inForce ? await connection.confirm(signal) : await connection.rollback(signal);
      if (ended === 'confirmed') return 'confirmed';
      const why = ended === 'lost' ? lostLogin : inForce ? tooLate : null;
      if (why) for (const one of trial) noteTakenBack(one, why);
      return 'look';
    } catch (thrown) {
      const failure = ownError(thrown);
      if (attempt > CONFIRM_RETRIES || !hasCode(failure, 'unreachable', 'timeout')) {
        connection.giveUpTrial();
        return unconfirmed(failure, connection.trialSeconds);
      }
      await pause(clock, FIRST_PAUSE * 4 ** (attempt - 1), signal);
    }
  }
}

function shows(table: Table, { tag }: WantedEntry): boolean {
  return table.entries.some((entry) => entry.tag === tag && entry.restriction === null);
}

/** Whatever of it the next look still shows has stayed; the rest gets these words instead of "accepted but unchanged". */
function noteTakenBack({ change, tasks }: PlannedChange, { why, hint }: TakenBack): void {
  for (const task of tasks) {
    const key = changeKey(change);
    if (task.attempts.get(key)?.outcome !== 'done') continue;
    const error = new PortforwardError(
      'unchanged',
      `${RuleName(task.intent.id)}: the gateway took the change back by itself, because ${why}.`,
      { hint, retryable: true },
    );
    task.attempts.set(key, { outcome: 'refused', error });
  }
}

interface TakenBack {
  readonly why: string;
  readonly hint: string;
}

const tooLate: TakenBack = {
  why: 'it was not confirmed in time',
  hint: 'Run again; if it repeats, the gateway is too slow to load its rules.',
};

const lostLogin: TakenBack = {
  why: 'the login that made it was lost before it was confirmed, and no other login can confirm it',
  hint: 'The gateway is as it was before. Run again; if it repeats, see what ends the logins there: a restart of its services, or of itself.',
};

/** What is true of a change on trial that nobody can confirm: how it ends, in words that follow a comma. */
export function takesItBack(seconds: number | null): string {
  return `the gateway takes it back by itself${seconds === null ? '' : ` within ${seconds} s`}`;
}

function unconfirmed(failure: PortforwardError, seconds: number | null): PortforwardError {
  if (failure.code === 'cancelled') return failure;
  return new PortforwardError(
    failure.code,
    `After the change the gateway could not be reached over a new connection, so it was not confirmed and ${takesItBack(seconds)}: ${failure.summary}`,
    {
      hint: 'See whether a rule of this run takes away the way to the gateway itself, then run again.',
      cause: failure,
    },
  );
}
