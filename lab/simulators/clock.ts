/** The time that a router in this process lives by: sessions, the apply timer and reloads hang on it. */
export interface SimulatorClock {
  /** Milliseconds since some moment. */
  now(): number;
  /** Calls back once, `ms` from now; gives what cancels it. */
  after(ms: number, callback: () => void): () => void;
}

export const machineClock: SimulatorClock = {
  now: () => performance.now(),
  after(ms, callback) {
    // Beyond 2^31 - 1 milliseconds Node fires at once.
    const timer = setTimeout(callback, Math.min(ms, 2_147_483_647));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Stands still until it is moved: what takes 90 seconds on a router takes none in a test. */
export class SteppedClock implements SimulatorClock {
  private time = 0;
  private timers: { readonly at: number; readonly callback: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.time + ms, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  }

  /** Moves on by so many milliseconds. What falls due on the way is called at its own time, in order. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.time = Math.max(this.time, next.at);
      this.timers = this.timers.filter((timer) => timer !== next);
      next.callback();
    }
    this.time = end;
  }
}
