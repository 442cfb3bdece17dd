import { setTimeout as sleep } from 'node:timers/promises';
import { PortforwardError } from '../../rule/error';

/** Waits; throws what the signal aborts with. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    if (signal.reason instanceof PortforwardError) throw signal.reason;
    throw new PortforwardError('cancelled', 'Cancelled while waiting for the router.', { retryable: true });
  }
}
