import type { Clock } from '../../provider/session/options';

/** A clock that stands still until it is moved. */
export class FakeClock implements Clock {
  private time = 1_000_000;
  private readonly began = Date.now() - this.time;
  private timers: { readonly at: number; readonly callback: () => void }[] = [];

  now(): number {
    return this.time;
  }

  wall(): number {
    return this.began + this.time;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.time + ms, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  }

  /** How many wait for it. */
  get waiting(): number {
    return this.timers.length;
  }

  /** Moves on, and calls back whoever is due by then. */
  advance(ms: number): void {
    this.time += ms;
    const due = this.timers.filter(({ at }) => at <= this.time).sort((a, b) => a.at - b.at);
    this.timers = this.timers.filter(({ at }) => at > this.time);
    for (const { callback } of due) callback();
  }
}
