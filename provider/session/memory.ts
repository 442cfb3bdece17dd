import { tagOf } from '../rule/identity';
import type { Forward } from '../rule/rule';
import type { RuleState } from './state';

/** What a session remembers of the rules it met in this run. */
export class Memory {
  /** Ids of our owner, by mark: tells whose an entry is where the device has no room for the readable id. */
  readonly known = new Map<string, string>();
  /** Rules that this process wrote or confirmed, by mark: their entries are never handed over. */
  readonly held = new Map<string, string>();
  /** What this run declared of its rules, by id: checked, or written. */
  readonly declared = new Map<string, Forward>();
  private readonly created = new Set<string>();
  private readonly recorded = new Map<string, readonly string[]>();

  meet(id: string): void {
    this.known.set(tagOf(id), id);
  }

  /** The program declares it so. */
  declare(id: string, forward: Forward): void {
    this.meet(id);
    this.declared.set(id, forward);
  }

  /** Its handles are asked for at every look. */
  record(id: string, { entries }: RuleState): void {
    this.recorded.set(
      id,
      entries.map(({ handle }) => handle),
    );
  }

  /** The rule is on the gateway by our hand. `state` null = not as it should be: a create may be tried again. */
  hold(id: string, state: RuleState | null): void {
    this.held.set(tagOf(id), id);
    if (!state) return;
    this.created.add(id);
    this.record(id, state);
  }

  /** The rule is gone from the gateway. */
  forget(id: string): void {
    this.held.delete(tagOf(id));
    this.created.delete(id);
    this.declared.delete(id);
    this.recorded.delete(id);
  }

  /** Whether a second create of this id would be a second rule of the same name. */
  isCreated(id: string): boolean {
    return this.created.has(id);
  }

  handles(): readonly string[] {
    // A state recorded with a failure may not know its handles.
    return [...new Set([...this.recorded.values()].flat())].filter((handle) => handle !== '');
  }
}
