/** One job at a time, in the order of arrival: a gateway is never asked twice at once. */
export class Lane {
  private tail: Promise<unknown> = Promise.resolve();

  /** Runs the job after all earlier ones have ended, well or badly. */
  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.tail.then(job);
    this.tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when every job handed in so far has ended. */
  async idle(): Promise<void> {
    await this.tail;
  }
}
