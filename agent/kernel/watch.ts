import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { environment } from './run';

export interface WatchEvents {
  /** Somebody other than us changed the ruleset. */
  readonly onRuleset: () => void;
  /** Interfaces, addresses or routes may have changed. */
  readonly onAddresses: () => void;
}

/** Changes come in bursts; what follows within this time is one. Milliseconds. */
const DEBOUNCE_MS = 200;
/** A watcher that ends is started again after this time, and what it may have missed is reported. */
const RESTART_MS = 1_000;
/** The report of our own change arrives long before; past that it never will. */
const OWN_MS = 10_000;

/**
 * Follows the kernel's own reports through `nft monitor` and `ip monitor`. Every committed transaction ends with a
 * line about a new generation. Those are counted against our own, since the process ids they carry are not the ones
 * that we see where the agent runs in a process namespace of its own.
 */
export class Watch {
  private readonly children = new Set<ChildProcess>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly pending = new Map<() => void, NodeJS.Timeout>();
  private own: object[] = [];
  private ended = false;

  private constructor(private readonly events: WatchEvents) {}

  /** Starts both watchers. They are at work when this resolves. */
  static async start(events: WatchEvents): Promise<Watch> {
    const watch = new Watch(events);
    const soon = (event: () => void) => () => watch.debounce(event);
    await Promise.all([
      watch.follow('nft', ['monitor'], soon(events.onRuleset), (line) => {
        if (/^# new generation\b/.test(line)) watch.generation();
      }),
      watch.follow(
        'ip',
        ['-o', 'monitor', 'link', 'address', 'route'],
        soon(events.onAddresses),
        soon(events.onAddresses),
      ),
    ]);
    return watch;
  }

  /** Announces one transaction of our own; the result takes it back when it failed. */
  expect(): () => void {
    const own = {};
    this.own.push(own);
    const forget = () => {
      this.own = this.own.filter((one) => one !== own);
    };
    const timer = setTimeout(forget, OWN_MS);
    timer.unref();
    return forget;
  }

  /** Ends both watchers. Safe to call twice. */
  async stop(): Promise<void> {
    this.ended = true;
    for (const timer of [...this.timers, ...this.pending.values()]) clearTimeout(timer);
    this.pending.clear();
    await Promise.all(
      [...this.children].map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = once(child, 'close');
        child.kill('SIGKILL');
        await gone;
      }),
    );
  }

  private generation(): void {
    if (this.own.shift() === undefined) this.debounce(this.events.onRuleset);
  }

  private debounce(event: () => void): void {
    if (this.ended || this.pending.has(event)) return;
    this.pending.set(
      event,
      setTimeout(() => {
        this.pending.delete(event);
        event();
      }, DEBOUNCE_MS),
    );
  }

  private async follow(
    command: string,
    argv: readonly string[],
    missed: () => void,
    onLine: (line: string) => void,
  ): Promise<void> {
    const child = spawn(command, argv, { stdio: ['ignore', 'pipe', 'ignore'], env: environment() });
    this.children.add(child);
    child.once('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', onLine);
    child.once('close', () => {
      this.children.delete(child);
      if (this.ended) return;
      this.own = [];
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        void this.follow(command, argv, missed, onLine);
        missed();
      }, RESTART_MS);
      this.timers.add(timer);
    });
    await once(child, 'spawn').catch(() => undefined);
  }
}
