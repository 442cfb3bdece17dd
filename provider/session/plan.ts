import type { Entry, Table } from '../backends/backend';
import { PortforwardError } from '../rule/error';
import { failedAttempt, overwritten } from './attempts';
import { changes, type PlannedChange } from './changes';
import { type Claim, claim, type View } from './claim';
import { byMark } from './facts';
import { capturedManagement, guardHint, guardReason } from './guard';
import { identity, type Task } from './intent';
import { RuleName } from './messages';
import { type Standing, standing } from './ownership';
import { handOver } from './rights';
import type { Situation } from './situation';

/** What one look asks for. Nothing to change and no failure = everything is as it should be. */
export interface Plan {
  readonly changes: readonly PlannedChange[];
  /** Tasks that cannot get on, and why. */
  readonly failures: ReadonlyMap<Task, PortforwardError>;
  readonly claims: ReadonlyMap<Task, Claim>;
  /** Entries of our owner's other rules that go because these tasks want what they have. */
  readonly handedOver: ReadonlyMap<Task, readonly Entry[]>;
}

/**
 * From one look and what is wanted to what must be done next. Pure: the same look gives the same plan, so a batch is
 * planned afresh after every look, and converges whatever happened in between.
 */
export function plan(table: Table, tasks: readonly Task[], situation: Situation): Plan {
  const view = viewOf(table, situation);
  const claims = new Map<Task, Claim>();
  const failures = new Map<Task, PortforwardError>();
  const taken = new Set<Entry>();
  for (const task of tasks) {
    const found = claim(task, view, taken);
    claims.set(task, found);
    for (const entry of found.mine) taken.add(entry);
    const failure =
      task.failure ??
      guard(task, situation) ??
      found.failure ??
      overwritten(task, found, view, situation.info.capabilities) ??
      failedAttempt(task, found);
    if (failure) failures.set(task, failure);
  }
  const handedOver = handOver(table, tasks, claims, failures, view, situation);
  return { changes: changes(tasks, claims, failures, handedOver, situation), failures, claims, handedOver };
}

function viewOf(table: Table, { owner, known, before }: Situation): View {
  const standings = new Map<Entry, Standing>();
  return {
    entries: table.entries,
    marks: byMark(table.entries),
    standing(entry) {
      const told = standings.get(entry) ?? standing(entry, owner, known);
      standings.set(entry, told);
      return told;
    },
    seen: (entry) => before === null || before.has(identity(entry)),
  };
}

function guard({ intent }: Task, { info, gatewayName }: Situation): PortforwardError | null {
  if (intent.kind === 'delete') return null;
  const captured = capturedManagement(intent.rule, info.management);
  if (!captured) return null;
  return new PortforwardError('guard', `${RuleName(intent.id)} ${guardReason(captured, gatewayName)}`, {
    hint: guardHint(captured),
    property: 'externalPort',
  });
}
