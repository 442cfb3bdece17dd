/** Hands warnings to the user; a broken receiver breaks nothing. */
export class Warnings {
  private readonly told = new Set<string>();

  constructor(private readonly receive: ((message: string) => void) | undefined) {}

  say(message: string): void {
    try {
      this.receive?.(message);
    } catch {
      // A warning that cannot be shown must not fail the rule that it is about.
    }
  }

  /** Says it only the first time under this key: 500 rules of one silent gateway need one warning. */
  once(key: string, message: string): void {
    if (this.told.has(key)) return;
    this.told.add(key);
    this.say(message);
  }
}
