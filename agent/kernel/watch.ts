import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { environment } from './run';

export interface WatchEvents {
  /** Somebody other than us changed the ruleset. */
  readonly onRuleset: () => void;
  /** Interfaces, addresses or routes may have changed. */
  readonly onAddresses: () => void;
}

/** Changes come in bursts; what follows within this time is one. Milliseconds. */
const DEBOUNCE_MS = 200;
/** A large change of our own is reported in thousands of lines. So long they are read, then so long they wait for us. */
const READ_MS = 20;
const REST_MS = 200;
/** A watcher that ends is started again, and what it may have missed is reported: after a second, then ever later. */
const RESTART_MS = 1_000;
const RESTART_MOST_MS = 60_000;
/** The report of our own change is here soon after it; past that it never comes, and must not hide another's. */
const OWN_MS = 2_000;

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
      watch.follow('nft', ['monitor'], soon(events.onRuleset), (lines) => {
        for (const _ of lines.matchAll(/^# new generation\b/gm)) watch.generation();
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

  /** Announces one transaction of our own; call the result with whether it happened. */
  expect(): (happened: boolean) => void {
    const own = {};
    this.own.push(own);
    const forget = () => {
      this.own = this.own.filter((one) => one !== own);
    };
    return (happened) => {
      if (happened) setTimeout(forget, OWN_MS).unref();
      else forget();
    };
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
    onLines: (lines: string) => void,
    wait = RESTART_MS,
  ): Promise<void> {
    const child = spawn(command, argv, { stdio: ['ignore', 'pipe', 'ignore'], env: environment() });
    const began = performance.now();
    this.children.add(child);
    child.once('error', () => undefined);
    this.read(child.stdout, onLines);
    child.once('close', () => {
      this.children.delete(child);
      if (this.ended) return;
      const lived = performance.now() - began > RESTART_MOST_MS;
      const next = lived ? RESTART_MS : Math.min(wait * 2, RESTART_MOST_MS);
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        void this.follow(command, argv, missed, onLines, next);
        missed();
      }, wait);
      this.timers.add(timer);
    });
    await once(child, 'spawn').catch(() => undefined);
  }

  /** Gives whole lines, as many as have come. */
  private read(stream: Readable, onLines: (lines: string) => void): void {
    let begun = '';
    let reading = false;
    stream.setEncoding('utf8').on('data', (text: string) => {
      const end = text.lastIndexOf('\n') + 1;
      if (end > 0) onLines(begun + text.slice(0, end));
      begun = (end > 0 ? '' : begun) + text.slice(end);
      if (reading) return;
      reading = true;
      setTimeout(() => {
        reading = false;
        stream.pause();
        setTimeout(() => stream.resume(), REST_MS).unref();
      }, READ_MS).unref();
    });
  }
}
