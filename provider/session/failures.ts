import { type ErrorCode, type ErrorOptions, PortforwardError } from '../rule/error';
import type { RuleState } from './state';

/**
 * A create or update failed, yet the gateway holds entries of the rule, or may hold them (blocked by a firewall in front,
 * a part that would not go away, an answer that was lost). `state` is what the engine must record with the failure, so that the next run settles it with
 * an update and a destroy removes what is there.
 */
export class PartialFailure extends PortforwardError {
  constructor(
    code: ErrorCode,
    summary: string,
    readonly state: RuleState,
    options: ErrorOptions = {},
  ) {
    super(code, summary, options);
  }
}

/** The state to record with a failure, or null when nothing changed; also across copies of this package. */
export function partialState(error: unknown): RuleState | null {
  if (!(error instanceof Error) || error.name !== 'PortforwardError') return null;
  return (error as { state?: RuleState }).state ?? null;
}

/** Anything thrown, as an error of ours. */
export function ownError(thrown: unknown): PortforwardError {
  if (thrown instanceof PortforwardError) return thrown;
  if (thrown instanceof Error && thrown.name === 'PortforwardError') return thrown as PortforwardError;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new PortforwardError('internal', `Unexpected failure while speaking with the gateway: ${text}.`, {
    cause: thrown,
  });
}

/** The same failure for another caller: many wait for one batch, and each may add to the error it gets. */
export function sameFailure(error: PortforwardError): PortforwardError {
  return new PortforwardError(error.code, error.summary, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.property === undefined ? {} : { property: error.property }),
    retryable: error.retryable,
    cause: error.cause ?? error,
  });
}

/** The same failure, with the state that must be recorded. */
export function withState(failure: PortforwardError, state: RuleState): PartialFailure {
  return new PartialFailure(failure.code, failure.summary, state, {
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    ...(failure.property === undefined ? {} : { property: failure.property }),
    retryable: failure.retryable,
    cause: failure,
  });
}

/** The caller gave up. `begun` = the change may be on its way already. */
export function cancelled(begun: boolean): PortforwardError {
  return begun
    ? new PortforwardError('cancelled', 'Cancelled while the gateway was at work.', {
        hint: 'The change may have been made; the next run looks and settles it.',
        retryable: true,
      })
    : new PortforwardError('cancelled', 'Cancelled before anything was sent to the gateway.', {
        retryable: true,
      });
}
