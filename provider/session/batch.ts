import type { PortforwardError } from '../rule/error';
import { onAbort } from './abort';
import { cancelled, ownError, sameFailure } from './failures';
import type { Intent } from './intent';
import type { Lane } from './lane';
import type { Clock } from './options';

/** Milliseconds without a new write after which a batch sets off: an engine hands its parallel writes over in a burst. */
const QUIET = 20;
/** Milliseconds after the first write by which it sets off in any case. */
const LONGEST = 80;
/**
 * A batch costs the device about the same whatever it holds, so while writes keep coming it pays to wait for more: up to
 * these parts of what the last batch took, and no longer than the limits in milliseconds.
 */
const PATIENT_QUIET = { share: 0.5, limit: 500 };
const PATIENT_LONGEST = { share: 8, limit: 3000 };
/** Rules in one batch. */
const LARGEST = 1000;

/** A write and its caller. */
export interface Waiting<Answer> {
  readonly intent: Intent;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
  /** True when it is settled, or the caller has given up. */
  readonly gone: boolean;
  /** Set when something is sent for it: from then on giving up leaves open what became of it. */
  begun: boolean;
}

interface Queued<Answer> extends Waiting<Answer> {
  gone: boolean;
}

/**
 * Collects parallel writes into batches, one at a time. Two writes for one rule never share a batch: they are done in
 * the order of arrival. A caller may give up at any time; when all of a batch have, its signal aborts.
 */
export class Batches<Answer> {
  private queue: Queued<Answer>[] = [];
  private underWay: Promise<void> | null = null;
  private hurry = false;
  private stopped = false;
  private wake: (() => void) | null = null;
  private lastArrival = 0;
  /** Milliseconds that the last batch took; 0 when it held one write alone: then nobody sends in parallel. */
  private lastTook = 0;

  constructor(
    private readonly clock: Clock,
    private readonly lane: Lane,
    /** What a caller is told who gives up. */
    private readonly givenUp: (intent: Intent, begun: boolean) => PortforwardError,
    /** Settles every one of the batch; what it leaves open, or throws, fails those that are still waiting. */
    private readonly run: (batch: readonly Waiting<Answer>[], signal: AbortSignal) => Promise<void>,
  ) {}

  submit(intent: Intent, signal: AbortSignal): Promise<Answer> {
    if (signal.aborted || this.stopped) return Promise.reject(cancelled(false));
    return new Promise<Answer>((resolve, reject) => {
      const end = (act: () => void): void => {
        if (queued.gone) return;
        queued.gone = true;
        deafen();
        act();
      };
      const queued: Queued<Answer> = {
        intent,
        gone: false,
        begun: false,
        resolve: (answer) => end(() => resolve(answer)),
        reject: (error) => end(() => reject(error)),
      };
      const deafen = onAbort(signal, () => {
        this.queue = this.queue.filter((one) => one !== queued);
        queued.reject(this.givenUp(queued.intent, queued.begun));
        this.onGone?.();
      });
      this.queue.push(queued);
      this.lastArrival = this.clock.now();
      this.underWay ??= this.pump();
    });
  }

  /** Cancels what is waiting, and whatever comes from now on. What runs goes on. */
  stop(): void {
    this.stopped = true;
    for (const one of this.queue) one.reject(cancelled(false));
    this.queue = [];
    this.wake?.();
  }

  /** Sets off what is waiting, and resolves when all of it is settled. */
  async finish(): Promise<void> {
    this.hurry = true;
    this.wake?.();
    try {
      while (this.underWay) await this.underWay;
    } finally {
      this.hurry = false;
    }
  }

  private onGone: (() => void) | null = null;

  private async pump(): Promise<void> {
    while (this.queue.length > 0) {
      await this.linger();
      await this.lane.run(() => this.runOne());
    }
    this.underWay = null;
  }

  private async linger(): Promise<void> {
    const quiet = Math.max(QUIET, patience(PATIENT_QUIET, this.lastTook));
    const until = this.clock.now() + Math.max(LONGEST, patience(PATIENT_LONGEST, this.lastTook));
    for (;;) {
      const now = this.clock.now();
      const wait = Math.min(this.lastArrival + quiet, until) - now;
      if (this.hurry || this.stopped || wait <= 0 || this.queue.length >= LARGEST) return;
      await new Promise<void>((resolve) => {
        const cancel = this.clock.after(wait, resolve, true);
        this.wake = () => {
          cancel();
          resolve();
        };
      });
      this.wake = null;
    }
  }

  /** Taken only when the device is free, so that what came meanwhile travels along. */
  private async runOne(): Promise<void> {
    const batch = this.take();
    if (batch.length === 0) return;
    const began = this.clock.now();
    const controller = new AbortController();
    this.onGone = () => {
      if (batch.every(({ gone }) => gone)) controller.abort();
    };
    try {
      await this.run(batch, controller.signal);
      for (const one of batch) one.reject(cancelled(true));
    } catch (error) {
      for (const one of batch) one.reject(sameFailure(ownError(error)));
    } finally {
      this.onGone = null;
      this.lastTook = batch.length > 1 ? this.clock.now() - began : 0;
    }
  }

  private take(): Queued<Answer>[] {
    const ids = new Set<string>();
    const batch: Queued<Answer>[] = [];
    const later: Queued<Answer>[] = [];
    for (const one of this.queue) {
      if (ids.has(one.intent.id) || batch.length >= LARGEST) later.push(one);
      else {
        ids.add(one.intent.id);
        batch.push(one);
      }
    }
    this.queue = later;
    return batch;
  }
}

function patience(
  { share, limit }: { readonly share: number; readonly limit: number },
  took: number,
): number {
  return Math.min(took * share, limit);
}
