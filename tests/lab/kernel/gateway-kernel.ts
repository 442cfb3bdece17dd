import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CountersWire } from '../../../agent/api/wire';
import type { Facts, KernelEntry, KernelTable } from '../../../agent/kernel/kernel';
import type { Lab } from '../../../lab/namespaces/lab';
import { type ErrorCode, PortforwardError } from '../../../provider/rule/error';

export type DriverCall =
  | { readonly call: 'facts' | 'read' | 'counters' | 'watch'; readonly args: readonly unknown[] }
  | { readonly call: 'restore' | 'apply' | 'time' | 'timeRestore'; readonly args: readonly unknown[] };

type Answer = { result?: unknown; error?: { code?: ErrorCode; message: string; hint?: string } };

export interface GatewayOptions {
  readonly wan?: readonly string[];
  readonly as?: readonly string[];
  readonly runtimeDir?: string;
}

/** The nftables kernel at work on the lab's gateway, in a process of its own there. */
export class GatewayKernel {
  /** What `watch` told so far. */
  readonly events: string[] = [];
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private readonly listeners = new Set<() => void>();
  private count = 0;

  private constructor(
    private readonly lab: Lab,
    private readonly child: ChildProcess,
  ) {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const { id, event, ...answer } = JSON.parse(line) as Answer & { id?: number; event?: string };
      if (event !== undefined) {
        this.events.push(event);
        for (const listener of this.listeners) listener();
      } else {
        this.waiting.get(id as number)?.(answer);
        this.waiting.delete(id as number);
      }
    });
    child.once('close', () => {
      for (const settle of this.waiting.values()) settle({ error: { message: 'the driver ended' } });
    });
  }

  /** `as` = words before the command, to run it with other rights. */
  static start(
    lab: Lab,
    { wan = ['wan0', 'wan1'], as = [], runtimeDir = '/run/portforward' }: GatewayOptions = {},
  ): GatewayKernel {
    const [hook, driver] = [join(__dirname, 'source.js'), join(__dirname, 'driver.ts')];
    const child = lab.spawn(
      'gateway',
      [...as, process.execPath, '-r', hook, driver, wan.join(), runtimeDir],
      { stdio: ['pipe', 'pipe', 'inherit'], cwd: process.cwd() },
    );
    return new GatewayKernel(lab, child);
  }

  facts(): Promise<Facts> {
    return this.ask('facts') as Promise<Facts>;
  }

  read(): Promise<KernelTable> {
    return this.ask('read') as Promise<KernelTable>;
  }

  async restore(entries: readonly KernelEntry[]): Promise<void> {
    await this.ask('restore', entries);
  }

  /** `refusal`: what is done meanwhile fails with these words. */
  async apply(
    before: readonly KernelEntry[],
    after: readonly KernelEntry[],
    rewrite: readonly string[] = [],
    refusal?: string,
  ): Promise<void> {
    await this.ask('apply', before, after, rewrite, refusal);
  }

  counters(): Promise<{ epoch: string; byTag: Record<string, CountersWire> }> {
    return this.ask('counters') as Promise<{ epoch: string; byTag: Record<string, CountersWire> }>;
  }

  async watch(): Promise<void> {
    await this.ask('watch');
  }

  /** Milliseconds that one change takes, as the daemon sees it. */
  time(before: readonly KernelEntry[], after: readonly KernelEntry[]): Promise<number> {
    return this.ask('time', before, after) as Promise<number>;
  }

  timeRestore(entries: readonly KernelEntry[]): Promise<number> {
    return this.ask('timeRestore', entries) as Promise<number>;
  }

  /** Resolves when `watch` has told this; rejects after ten seconds. */
  async told(event: 'ruleset' | 'addresses'): Promise<void> {
    if (this.events.includes(event)) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`watch told nothing of ${event} in 10 s`)), 10_000);
      const listener = () => {
        if (!this.events.includes(event)) return;
        clearTimeout(timer);
        this.listeners.delete(listener);
        resolve();
      };
      this.listeners.add(listener);
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = once(this.child, 'close');
    this.child.stdin?.end();
    await closed;
  }

  /** Ends the process as a power cut would. */
  async kill(): Promise<void> {
    const closed = once(this.child, 'close');
    this.lab.endProcess(this.child, 'SIGKILL');
    await closed;
  }

  private ask(call: DriverCall['call'], ...args: unknown[]): Promise<unknown> {
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result);
        else if (error.code === undefined) reject(new Error(error.message));
        else {
          const { code, message, hint } = error;
          reject(new PortforwardError(code, message, hint === undefined ? {} : { hint }));
        }
      });
      this.child.stdin?.write(`${JSON.stringify({ id, call, args })}\n`);
    });
  }
}
