/** A bucket that refills: short bursts pass, a flood does not. Times in milliseconds. */
export class Rate {
  private level: number;
  private at: number;

  constructor(
    /** Requests at once. */
    private readonly burst: number,
    /** Requests per second in the long run. */
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.level = burst;
    this.at = now();
  }

  /** True when one more request may pass. */
  take(): boolean {
    const now = this.now();
    this.level = Math.min(this.burst, this.level + ((now - this.at) / 1000) * this.perSecond);
    this.at = now;
    if (this.level < 1) return false;
    this.level -= 1;
    return true;
  }
}
