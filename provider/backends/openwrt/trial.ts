import { PortforwardError } from '../../rule/error';
import { type Call, UBUS } from './client';
import type { Login } from './login';
import { CONFIG } from './staging';

/**
 * Seconds until the router takes changes back unless they are confirmed: the firewall must be loaded by then, and looked at.
 * It is the same for everybody else who waits for us.
 */
export const TRIAL_SECONDS = 45;

/** What may be on trial at the router by our hand. */
type State =
  | 'nothing'
  | 'pending'
  /** A change that changed nothing: there is nothing to confirm, and it stays. */
  | 'void'
  /** Sent, and no answer that could be read. */
  | 'apply sent'
  | 'commit sent';

export const APPLY_CALL: Call = uci('apply', { rollback: true, timeout: TRIAL_SECONDS });
export const COMMIT_CALL: Call = uci('commit', CONFIG);

/** Commit-confirm as rpcd has it (uci.c): one trial for the whole router, ended by the login that began it, or by its timer. */
export class Trial {
  private state: State = 'nothing';
  /** The login under which it was sent. */
  private number = 0;

  constructor(private readonly login: Login) {}

  /** Whether what the router has is on trial by our hand. */
  get ours(): boolean {
    return this.state === 'pending' && this.login.open && this.login.number === this.number;
  }

  /** Whether a change was sent of which nobody knows what became. */
  get underWay(): boolean {
    return this.state === 'apply sent' || this.state === 'commit sent';
  }

  /** Noted before it is sent, so that whatever happens to the answer is not forgotten. */
  sending(trial: boolean): void {
    this.state = trial ? 'apply sent' : 'commit sent';
    this.number = this.login.number;
  }

  answered(state: 'nothing' | 'pending' | 'void'): void {
    this.state = state;
  }

  /**
   * Finds out what became of a change whose answer was lost: what is still staged was not applied, and is thrown away so
   * that it never will be.
   */
  async settle(signal: AbortSignal): Promise<void> {
    if (!this.underWay) return;
    const sent = this.state;
    const [reply] = await this.login
      .send([uci('changes', CONFIG)], { signal, idempotent: true })
      .catch((error) => {
        if (this.login.open) throw error;
        return [null];
      });
    const staged = reply?.ok ? reply.data?.changes : null;
    const applied = Array.isArray(staged) && staged.length === 0;
    this.state = applied && sent === 'apply sent' ? 'pending' : 'nothing';
    if (!applied) await this.login.destroy(signal);
  }

  async confirm(signal: AbortSignal): Promise<'confirmed' | 'nothing' | 'lost'> {
    if (this.state === 'void') return 'confirmed';
    if (!this.ours) return this.end();
    const [reply] = await this.login.send([uci('confirm', {})], { signal, fresh: true }).catch((error) => {
      if (this.login.open) throw error;
      return [null];
    });
    if (reply === null) return this.end();
    this.state = 'nothing';
    if (reply?.ok) return 'confirmed';
    // rpcd has put the changes back among the staged ones: they must not be applied by whoever comes next.
    await this.login.destroy(signal);
    return 'nothing';
  }

  async rollback(signal: AbortSignal): Promise<'nothing' | 'lost'> {
    if (this.ours || (this.state === 'apply sent' && this.login.open)) {
      const told = await this.login.send([uci('rollback', {})], { signal }).catch((error) => {
        if (this.login.open) throw error;
        return null;
      });
      await this.login.destroy(signal);
      if (told) this.state = 'nothing';
    }
    return this.end();
  }

  /** Forgets it. `lost` = it waits for a confirmation under a login that is gone: only its timer ends it. */
  private end(): 'nothing' | 'lost' {
    const lost = this.state === 'pending';
    this.state = 'nothing';
    return lost ? 'lost' : 'nothing';
  }
}

/** What `apply` with nothing staged tells: no data = nobody has anything on trial, denied = somebody has. */
export function isBusy(code: number): boolean {
  return code === UBUS.denied;
}

export function isFree(code: number): boolean {
  return code === UBUS.noData;
}

export function busy(): PortforwardError {
  return new PortforwardError('stale', "Somebody else's change is waiting for confirmation on the router.", {
    hint: 'Confirm or revert it there (LuCI shows it), or wait for its end, then run again.',
    retryable: true,
  });
}

export function uci(method: string, args: Call['args']): Call {
  return { object: 'uci', method, args };
}
