import { hasCode, PortforwardError } from '../rule/error';

/** Adds to the error of a missing socket that it may stand elsewhere: on a practice network its path is another. */
export function thinkOfLab(error: unknown): unknown {
  if (!hasCode(error, 'unreachable') || codeOf(error.cause) !== 'ENOENT') return error;
  const { code, summary, hint, retryable } = error;
  const lab = 'On a practice network use the socket that `portforward lab status` prints.';
  return new PortforwardError(code, summary, {
    hint: hint === undefined ? lab : `${hint} ${lab}`,
    retryable,
    cause: error,
  });
}

function codeOf(cause: unknown): unknown {
  return (cause as { readonly code?: unknown } | undefined)?.code;
}
