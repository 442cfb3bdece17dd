import { PortforwardError } from '../../rule/error';

/** The calls that are running: who waits for them, and how to ask them to stop. */
export class Calls {
  private readonly running = new Set<AbortController>();
  private waiting: (() => void)[] = [];

  /** Begins a call; `give up` aborts only this one, `end` says that it is answered. */
  begin(): { readonly signal: AbortSignal; giveUp(): void; end(): void } {
    const controller = new AbortController();
    this.running.add(controller);
    return {
      signal: controller.signal,
      giveUp: () => {
        // Also said of every call that is answered.
        if (this.running.has(controller)) controller.abort(cancelled('The engine gave the call up.'));
      },
      end: () => {
        this.running.delete(controller);
        if (this.running.size === 0) for (const wake of this.waiting.splice(0)) wake();
      },
    };
  }

  /** Asks the calls that run now to stop. Later ones run. */
  stop(why: string): void {
    for (const controller of [...this.running]) controller.abort(cancelled(why));
  }

  /** Resolves once no call runs. */
  idle(): Promise<void> {
    return this.running.size === 0 ? Promise.resolve() : new Promise((wake) => this.waiting.push(wake));
  }
}

function cancelled(why: string): PortforwardError {
  return new PortforwardError('cancelled', why);
}
