import type { Change, Entry } from '../backends/backend';
import type { PortforwardError } from '../rule/error';
import type { Forward, Rule, RuleInputs } from '../rule/rule';
import type { RuleState } from './state';

/** One caller's wish: that the rule be as declared, or be gone. */
export type Intent = PutIntent | DropIntent;

export interface PutIntent {
  readonly kind: 'create' | 'update';
  readonly id: string;
  readonly inputs: RuleInputs;
  readonly rule: Rule;
  /** What the engine kept; null while creating. */
  readonly recorded: RuleState | null;
}

export interface DropIntent {
  readonly kind: 'delete';
  readonly id: string;
  readonly recorded: RuleState;
}

/** What became of a change that was sent. */
export type Attempt =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'refused'; readonly error: PortforwardError }
  /** No answer that could be trusted: only a look tells. */
  | { readonly outcome: 'lost'; readonly error: PortforwardError }
  /** Nothing was sent: may be tried once more. */
  | { readonly outcome: 'unreached'; readonly error: PortforwardError };

/** An intent on its way through a batch: what it wants, and what is remembered of it from round to round. */
export interface Task {
  readonly intent: Intent;
  /** The 16 hex by which its entries are known. */
  readonly mark: string;
  /** The entries it shall have; empty for a delete, and for a disabled rule where none is kept. */
  readonly wanted: readonly WantedPart[];
  /** Content hashes by which copies under its tag are told from its own entries. */
  readonly contents: ReadonlySet<string>;
  /** True when entries that seem right must be written anyway: something that cannot be seen was unset. */
  readonly rewrite: boolean;
  /** Entries that an earlier round found to be its own, by `identity`. */
  readonly claimed: Set<string>;
  /** Entries that an earlier round found to be copies: they stay so when the original has gone. */
  readonly copies: Set<string>;
  /** Seconds that its entries still had when they were first seen, by `identity`, where they are due for renewal. */
  readonly lived: Map<string, number>;
  /** Tags of the entries that it asked the device to add. */
  readonly added: Set<string>;
  /** What became of its changes, by `changeKey`. */
  readonly attempts: Map<string, Attempt>;
  /** Why it fails; its own additions are then withdrawn. */
  failure: PortforwardError | null;
}

/** One entry that a rule shall have; its tag is found when it is matched with what is there. */
export interface WantedPart {
  readonly content: string;
  readonly forward: Forward;
  /** Seconds, where mappings expire. */
  readonly lease: number | null;
}

/** One object on the device, also where handles are used again. */
export function identity(entry: Entry): string {
  return `${entry.handle} ${entry.tag ?? ''}`;
}

/** By what an attempt at a change is remembered: what is put is known by its tag, what is removed by itself. */
export function changeKey(change: Change): string {
  return change.op === 'remove' ? `drop ${identity(change.before)}` : `put ${change.wanted.tag}`;
}
