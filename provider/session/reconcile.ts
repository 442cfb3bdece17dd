import type { Entry } from '../backends/backend';
import { hasCode, PortforwardError } from '../rule/error';
import type { PlannedChange } from './changes';
import type { Claim } from './claim';
import { pause } from './clock';
import { cancelled, ownError, sameFailure } from './failures';
import { identity, type Task } from './intent';
import type { Look } from './look';
import { ruleName } from './messages';
import type { Clock } from './options';
import { plan } from './plan';
import { type Sending, send } from './send';
import type { Situation } from './situation';
import { endTrial, nextStep, type Step, takesItBack } from './trial';

/** How often a batch starts over because another writer was faster. */
const MOST_RACES = 10;
/** How often a look is repeated when the device falls silent after a change was sent. */
const LOOK_RETRIES = 3;
/** Milliseconds before the first repetition; doubled each time, and spread so that two writers do not march in step. */
const FIRST_PAUSE = 30;
/** Rounds beyond one per task (a device may name one bad change at a time) after which a batch gives up. */
const SPARE_ROUNDS = 12;

export interface Reconciling extends Sending {
  readonly clock: Clock;
  readonly situation: Omit<Situation, 'info' | 'before'>;
  /** Handles to ask for, for devices that show some entries only then. */
  handles(): readonly string[];
  /** The identity of the device that the batch is meant for; null = it tells none. */
  readonly device: string | null;
  /** True when its mappings are due for renewal, so that they must live longer afterwards. */
  renewing(task: Task): boolean;
  /** The task gets what this entry of another rule had. */
  takesOver(task: Task, entry: Entry): void;
  /** True when the task's caller has given up: what was not begun for it is left alone. */
  abandoned(task: Task): boolean;
}

/** What became of a task, by the last look. */
export interface Outcome {
  readonly failure: PortforwardError | null;
  /** null when the last look could not be had. */
  readonly claim: Claim | null;
}

export interface Reconciled {
  readonly outcomes: ReadonlyMap<Task, Outcome>;
  readonly look: Look | null;
}

/**
 * Makes the gateway as the tasks want it: look, plan, apply, and look again until nothing is left to do. Success is what
 * the last look shows, not what the device answered. Throws only if the first look fails: then nothing was changed.
 */
export async function reconcile(all: readonly Task[], on: Reconciling): Promise<Reconciled> {
  let tasks = all;
  let before: Set<string> | null = null;
  let races = 0;
  let onTrial: Step['changes'] | null = null;
  for (let round = 1; ; round += 1) {
    const look = await lookAt(on, before !== null);
    if ('failure' in look) return unseen(tasks, look.failure, onTrial ? on.connection.trialSeconds : null);
    if (onTrial) {
      const verdict = await endTrial(onTrial, look.table, on.connection, on.clock, on.signal);
      onTrial = null;
      if (verdict === 'look') continue;
      if (verdict !== 'confirmed') return unseen(tasks, verdict);
    }
    tasks = tasks.filter((task) => task.attempts.size > 0 || !on.abandoned(task));
    const { info, table } = look;
    const { changes, failures, claims, handedOver } = plan(table, tasks, { ...on.situation, info, before });
    for (const task of tasks) {
      task.failure = failures.get(task) ?? null;
      for (const entry of claims.get(task)?.copies ?? []) task.copies.add(identity(entry));
      for (const entry of claims.get(task)?.mine ?? []) {
        if (!task.failure) task.claimed.add(identity(entry));
        if (entry.expires !== null && before === null && on.renewing(task))
          task.lived.set(identity(entry), entry.expires);
      }
    }
    if (changes.length === 0) return seen(tasks, claims, look);
    if (round > tasks.length + SPARE_ROUNDS) {
      giveUp(changes, restless());
      return seen(tasks, claims, look);
    }
    const { atomic, overlap } = info.capabilities;
    const step = on.connection.trialSeconds !== null ? nextStep(changes, overlap) : { changes, trial: false };
    const sent = await send(step, table, atomic, on);
    if (sent === 'raced') {
      races += 1;
      if (races > MOST_RACES) {
        giveUp(changes, restless());
        return seen(tasks, claims, look);
      }
      await pause(on.clock, FIRST_PAUSE * 2 ** Math.min(races - 1, 5) * (0.5 + Math.random()), on.signal);
    } else if (sent === 'split') {
      return halves(tasks, on);
    } else if (sent === 'effective') {
      before ??= new Set(table.entries.map(identity));
      for (const [task, entries] of handedOver) for (const entry of entries) on.takesOver(task, entry);
      if (step.trial) onTrial = step.changes;
    }
  }
}

async function lookAt(
  on: Reconciling,
  begun: boolean,
): Promise<Look | { readonly failure: PortforwardError }> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const table = await on.connection.list(on.handles(), on.signal);
      const info = await on.connection.info(on.signal);
      if (on.device !== null && info.device !== null && info.device !== on.device)
        throw anotherDevice(on.device);
      return { info, table };
    } catch (thrown) {
      const failure = ownError(thrown);
      if (!begun) throw failure;
      if (attempt > LOOK_RETRIES || !hasCode(failure, 'unreachable', 'timeout')) return { failure };
      await pause(on.clock, FIRST_PAUSE * 4 ** attempt, on.signal);
    }
  }
}

/** All-or-nothing without a name for the bad one: each half by itself, until it is alone. */
async function halves(tasks: readonly Task[], on: Reconciling): Promise<Reconciled> {
  const able = tasks.filter(({ failure }) => failure === null);
  const middle = Math.ceil(able.length / 2);
  const outcomes = new Map<Task, Outcome>();
  for (const task of tasks) if (task.failure) outcomes.set(task, { failure: task.failure, claim: null });
  let look: Look | null = null;
  for (const half of [able.slice(0, middle), able.slice(middle)]) {
    try {
      const done = await reconcile(half, on);
      look = done.look;
      for (const [task, outcome] of done.outcomes) outcomes.set(task, outcome);
    } catch (thrown) {
      for (const task of half) outcomes.set(task, { failure: ownError(thrown), claim: null });
    }
  }
  return { outcomes, look };
}

function giveUp(planned: readonly PlannedChange[], error: PortforwardError): void {
  for (const { tasks } of planned) for (const task of tasks) task.failure ??= sameFailure(error);
}

/** The connection was lost and made anew, and somebody else answered. */
function anotherDevice(device: string): PortforwardError {
  return new PortforwardError('device', `Device ${device} went away, and another one answers in its place.`, {
    hint: 'Mend the way to the right one, then run again.',
  });
}

function restless(): PortforwardError {
  return new PortforwardError('stale', 'The gateway kept being changed by somebody else meanwhile.', {
    hint: 'Run again when the other changes are done.',
    retryable: true,
  });
}

function seen(tasks: readonly Task[], claims: ReadonlyMap<Task, Claim>, look: Look): Reconciled {
  const outcomes = new Map(
    tasks.map((task) => [task, { failure: task.failure, claim: claims.get(task) ?? null }] as const),
  );
  return { outcomes, look };
}

/** The device fell silent after changes were sent; `seconds` = they are on trial, and last no longer. */
function unseen(
  tasks: readonly Task[],
  failure: PortforwardError,
  seconds: number | null = null,
): Reconciled {
  const outcomes = new Map(
    tasks.map(
      (task) => [task, { failure: task.failure ?? notSeen(task, failure, seconds), claim: null }] as const,
    ),
  );
  return { outcomes, look: null };
}

function notSeen(
  { intent, attempts }: Task,
  failure: PortforwardError,
  seconds: number | null,
): PortforwardError {
  if (failure.code === 'cancelled') return cancelled(attempts.size > 0);
  const open =
    seconds === null ? 'what became of it is not known' : `it was not confirmed, so ${takesItBack(seconds)}`;
  const what =
    attempts.size > 0
      ? `The change for ${ruleName(intent.id)} was sent, but ${open}`
      : `Nothing was sent for ${ruleName(intent.id)}`;
  return new PortforwardError(failure.code, `${what}: ${failure.summary}`, {
    hint: failure.hint ?? 'Run again: the next run looks first and settles it.',
    retryable: true,
    cause: failure,
  });
}
