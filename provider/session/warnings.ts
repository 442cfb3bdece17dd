/** What a warning is about, for a front door that may learn more of it before it shows it. */
export interface About {
  /** The id of a rule that loses entries, unless the run moves or removes it. */
  readonly loser: string;
}

/** Hands warnings to the user; a broken receiver breaks nothing. */
export class Warnings {
  private readonly told = new Set<string>();

  constructor(private readonly receive: ((message: string, about?: About) => void) | undefined) {}

  say(message: string, about?: About): void {
    try {
      this.receive?.(message, about);
    } catch {
      // A warning that cannot be shown must not fail the rule that it is about.
    }
  }

  /** Says it only the first time under this key: 500 rules of one silent gateway need one warning. */
  once(key: string, message: string, about?: About): void {
    if (this.told.has(key)) return;
    this.told.add(key);
    this.say(message, about);
  }
}
