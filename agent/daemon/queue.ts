/** One thing at a time, in the order asked. A failure is its caller's alone. */
export class Queue {
  private tail: Promise<unknown> = Promise.resolve();
  private count = 0;

  /** Jobs waiting or running. */
  get length(): number {
    return this.count;
  }

  run<T>(job: () => Promise<T>): Promise<T> {
    this.count += 1;
    const result = this.tail.then(job).finally(() => {
      this.count -= 1;
    });
    this.tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything asked so far has ended. */
  async idle(): Promise<void> {
    await this.tail;
  }
}
