import type { RuleState } from './state';

/**
 * What one run of an engine tells a front door of its rules in one call and takes for granted in the next. Here and
 * not in the session, for which create and delete of one id are a legitimate order.
 */
export class Run {
  private readonly made = new Set<string>();
  private readonly moving = new Map<unknown, RuleState>();
  private readonly seen = new Map<string, RuleState>();

  /** The rule was created in this run. */
  make(id: string): void {
    this.made.add(id);
  }

  /**
   * Whether a delete under this id comes after its create: of a resource that was renamed under its old name, or is
   * replaced. The new one has taken the entries over, and both have one tag (decision 4), so the delete must do nothing.
   */
  isMade(id: string): boolean {
    return this.made.has(id);
  }

  /** The engine will replace the rule, and plan the new one under `key` as if nothing had been there. */
  leave(key: unknown, recorded: RuleState): void {
    this.moving.set(key, recorded);
  }

  /** The rule that the new one under `key` replaces. */
  left(key: unknown): RuleState | null {
    return this.moving.get(key) ?? null;
  }

  /** The engine showed what it recorded of the rule. */
  see(recorded: RuleState): void {
    this.seen.set(`${recorded.owner}/${recorded.inputs.name}`, recorded);
  }

  /** What the engine showed of this id before it asks for the rule as if it were new. */
  before(id: string): RuleState | null {
    return this.seen.get(id) ?? null;
  }

  /** The ids that the engine showed. */
  ids(): readonly string[] {
    return [...this.seen.keys()];
  }
}
