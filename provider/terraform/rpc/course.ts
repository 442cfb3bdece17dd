/**
 * How far a run has come in this process, by what the engine called. It plans every changed rule once more just before it
 * applies it, and does not say so.
 */
export class Course {
  private running = 0;
  private begun = 0;
  private reads = 0;
  private writes = 0;
  private plansOfOld = 0;
  private readonly met = new Set<string>();
  private readonly waiting = new Set<() => void>();

  /** A call begins; returns how to end it. */
  begin(): () => void {
    this.running += 1;
    this.begun += 1;
    this.wake();
    return () => {
      this.running -= 1;
    };
  }

  /** Whether no call runs. */
  get idle(): boolean {
    return this.running === 0;
  }

  /** How many calls have begun. */
  get calls(): number {
    return this.begun;
  }

  read(): void {
    this.reads += 1;
  }

  write(): void {
    this.writes += 1;
    this.wake();
  }

  /** A rule that exists is planned. */
  planOld(): void {
    this.plansOfOld += 1;
  }

  /** True where the run seems to be past its plan: something is written, or rules are planned of which none was read. */
  get applying(): boolean {
    return this.writes > 0 || (this.reads === 0 && this.plansOfOld > 0);
  }

  /** The run says what becomes of the rule of this id: it shall be so, or go. */
  meet(id: string): void {
    this.met.add(id);
    this.wake();
  }

  hasMet(id: string): boolean {
    return this.met.has(id);
  }

  /**
   * Waits for what another call brings about, until no call has begun for `quiet` milliseconds; while calls come the run is
   * under way. Ten times as long at most.
   */
  async until(reached: () => boolean, quiet: number): Promise<void> {
    if (reached()) return;
    const latest = performance.now() + 10 * quiet;
    await new Promise<void>((resolve) => {
      let { begun } = this;
      let timer: NodeJS.Timeout;
      const end = (): void => {
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve();
      };
      const start = (): void => {
        timer = setTimeout(end, Math.min(quiet, latest - performance.now()));
      };
      const look = (): void => {
        if (reached()) end();
        else if (this.begun !== begun) {
          begun = this.begun;
          clearTimeout(timer);
          start();
        }
      };
      this.waiting.add(look);
      start();
    });
  }

  /** Something happened for which a waiting call may be waiting. */
  wake(): void {
    for (const look of [...this.waiting]) look();
  }
}
