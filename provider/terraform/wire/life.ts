import { log } from './log';
import type { Provider } from './provider';

/** Milliseconds: for running calls to end, and then for sessions to close. */
interface Patience {
  readonly calls: number;
  readonly close: number;
}

/** The engine waits two seconds after Shutdown, then kills; by then none of its calls runs. */
const SHUTDOWN: Patience = { calls: 500, close: 1000 };
/** Whoever ends us ends the engine too, which still records what running calls answer. */
const SIGNAL: Patience = { calls: 10_000, close: 1000 };
/** Nobody hears the answers any more. */
const ALONE: Patience = { calls: 300, close: 300 };

/** Milliseconds between looks for our parent. With the patience above we are gone within a second of it. */
const LOOK_EVERY = 200;

/** How this process ends: by itself, soon, and tidily. */
export class Life {
  private leaving = false;

  constructor(private readonly providers: () => Iterable<Provider>) {}

  /** The engine is done with us. */
  readonly shutdown = (): void => this.leave('The engine is done.', SHUTDOWN, 0);

  /**
   * Ctrl-C reaches everybody in the terminal: under an engine it is not meant for us, for the engine then tells us what
   * to do. The second signal of any other kind ends us at once.
   */
  obeySignals(interrupt: 'ignore' | 'leave'): void {
    const end = () => {
      if (this.leaving) process.exit(1);
      this.leave('A signal asked this process to end.', SIGNAL, 0);
    };
    process.on('SIGTERM', end).on('SIGHUP', end);
    process.on('SIGINT', interrupt === 'leave' ? end : () => undefined);
  }

  /** An engine that was killed cannot say goodbye, but the kernel gives us another parent. */
  followParent(): void {
    const parent = process.ppid;
    const look = () => {
      if (process.ppid !== parent) this.leave('The program that started this process is gone.', ALONE, 1);
    };
    setInterval(look, LOOK_EVERY).unref();
  }

  /** An error that nobody caught: it is told to the engine's log, and the process ends. */
  dieLoudly(): void {
    process.on('uncaughtException', (error) => {
      log('error', `The provider broke: ${error.message}`, { stack: error.stack });
      process.exit(1);
    });
  }

  private leave(why: string, patience: Patience, status: number): void {
    if (this.leaving) return;
    this.leaving = true;
    log('debug', why);
    const providers = [...this.providers()];
    for (const provider of providers) provider.stop(why);
    const idle = providers.map((provider) => provider.idle());
    within(patience.calls, idle)
      .then(() => within(patience.close, providers.map(ended)))
      .finally(() => process.exit(status));
  }
}

const ended = (provider: Provider): Promise<void> => provider.end();

/** Waits for all, but not for longer. What fails meanwhile goes to the log: nobody else is left to hear it. */
async function within(milliseconds: number, work: readonly Promise<void>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  const reported = work.map((one) =>
    one.catch((error: unknown) =>
      log('warn', `Ending went wrong: ${error instanceof Error ? error.message : error}`),
    ),
  );
  await Promise.race([Promise.all(reported), late]);
  clearTimeout(timer);
}
