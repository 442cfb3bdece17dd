import type { RuleState } from './state';

/**
 * What one run of an engine tells a front door of its rules in one call and takes for granted in the next. Here and
 * not in the session, for which create and delete of one id are a legitimate order.
 */
export class Run {
  private readonly made = new Map<string, Promise<boolean>>();
  private readonly moving = new Map<unknown, RuleState>();
  private readonly later = new Map<unknown, RuleState>();
  private readonly seen = new Map<string, RuleState>();

  /** The rule is being created in this run. */
  make(id: string, work: Promise<unknown>): void {
    this.made.set(
      id,
      work.then(
        () => true,
        () => false,
      ),
    );
  }

  /**
   * Removes the rule of this id, unless that comes after its create: of a resource that was renamed under its old name, or
   * is replaced. The new one has taken the entries over, and both have one tag (decision 4), so nothing must be done.
   * Waits for a create that runs; where there is none the removal begins at once, and one that comes then finds it begun.
   */
  async unlessMade(id: string, remove: () => Promise<void>): Promise<void> {
    const making = this.made.get(id);
    if (making && (await making)) return;
    await remove();
  }

  /** The engine will replace the rule, and plan the new one under `key` as if nothing had been there. */
  leave(key: unknown, recorded: RuleState): void {
    this.moving.set(key, recorded);
  }

  /** The new one under `key` is created before the old one is deleted. */
  leaveLater(key: unknown, recorded: RuleState): void {
    this.later.set(key, recorded);
  }

  /** What is to be deleted once the new one under `key` is created; null = nothing, or it was deleted first. */
  leftLater(key: unknown): RuleState | null {
    return this.later.get(key) ?? null;
  }

  /** The rule that the new one under `key` replaces. */
  left(key: unknown): RuleState | null {
    return this.moving.get(key) ?? null;
  }

  /** The engine showed what it recorded of the rule. */
  see(recorded: RuleState): void {
    this.seen.set(`${recorded.owner}/${recorded.inputs.name}`, recorded);
  }

  /** What the engine showed is gone from the gateway: the rule is new indeed. */
  lose(recorded: RuleState): void {
    this.seen.delete(`${recorded.owner}/${recorded.inputs.name}`);
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
