import { parseTag } from '../../provider/rule/identity';
import { MAX_SHIFTED_PORTS } from '../api/limits';
import type { ChangeWire, WantedWire } from '../api/wire';
import { Gate, type Network } from './admit';
import { ChangeError } from './change-error';
import { firstConflict } from './overlaps';

/** What a batch comes to, before anything is written. */
export interface Plan {
  readonly entries: readonly WantedWire[];
  /** Tags that some change names. */
  readonly touched: ReadonlySet<string>;
  readonly handles: readonly (string | null)[];
}

export interface PlanOptions {
  readonly network: Network;
  readonly maxRules: number;
}

/**
 * The wanted entries after all changes, in their order. Only the end counts: two entries may change places in one batch.
 * Throws ChangeError for the first change that cannot be.
 */
export function planBatch(
  current: readonly WantedWire[],
  changes: readonly ChangeWire[],
  { network, maxRules }: PlanOptions,
): Plan {
  const entries = new Map(current.map((entry) => [entry.tag, entry]));
  /** Which change brought an entry, for the error. */
  const broughtBy = new Map<string, number>();
  const touched = new Set<string>();
  const gate = new Gate(network);
  const handles = changes.map((change, index): string | null => {
    if (change.op !== 'add') {
      requireOurs(change.handle, index);
      entries.delete(change.handle);
      touched.add(change.handle);
    }
    if (change.op === 'remove') return null;
    const { wanted } = change;
    if (entries.has(wanted.tag))
      throw new ChangeError(index, 'conflict', `There is an entry ${wanted.tag} already.`, {
        hint: 'Look at the entries again, then edit or remove that one.',
      });
    const refusal = gate.admit(wanted);
    if (refusal) throw new ChangeError(index, refusal.code, refusal.message, refusal);
    entries.set(wanted.tag, wanted);
    broughtBy.set(wanted.tag, index);
    touched.add(wanted.tag);
    return wanted.tag;
  });
  const after = [...entries.values()];
  const last = changes.length - 1;
  if (after.length > maxRules && after.length > current.length)
    throw new ChangeError(last, 'refused', `This gateway keeps ${maxRules} rules at most.`, {
      hint: 'Raise --max-rules of its agent, or remove rules.',
    });
  if (shiftedPorts(after) > MAX_SHIFTED_PORTS)
    throw new ChangeError(
      last,
      'refused',
      `More than ${MAX_SHIFTED_PORTS} ports would go to other port numbers.`,
      {
        hint: 'Let internalPort be the same as externalPort in the widest ranges.',
      },
    );
  const conflict = firstConflict(after, broughtBy);
  if (conflict) throw new ChangeError(conflict.index, 'conflict', conflict.message);
  return { entries: after, touched, handles };
}

/** What is ours and gone already may be removed and written again; what is another program's may not. */
function requireOurs(handle: string, index: number): void {
  if (parseTag(handle)?.text === handle) return;
  throw new ChangeError(index, 'refused', `The entry ${handle} belongs to another program.`, {
    hint: 'Change it there: the agent never touches tables of others.',
  });
}

/** Ports that need an element of their own, since nftables cannot shift a range. */
function shiftedPorts(entries: readonly WantedWire[]): number {
  let sum = 0;
  for (const { forward } of entries)
    for (const { ports } of forward.traffic)
      for (const { from, to, target } of ports) if (from !== to && from !== target) sum += to - from + 1;
  return sum;
}
