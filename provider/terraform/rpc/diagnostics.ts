import type { PortforwardError } from '../../rule/error';
import type { Failure } from '../../rule/rule';
import { ownError } from '../../session/failures';
import { inHcl, pathOf } from '../schema/names';
import type { Diagnostic } from '../wire/messages';

type Severity = Diagnostic['severity'];

/** Anything thrown, as the engine shows it: what happened, and below it the next step. */
export function errorOf(thrown: unknown): Diagnostic {
  return told('ERROR', ownError(thrown));
}

/** The same where it ends nothing. */
export function warningOf(error: PortforwardError): Diagnostic {
  return told('WARNING', error);
}

/** A complaint about one attribute. `summary` says of what kind it is. */
export function failureOf(severity: Severity, summary: string, { property, reason }: Failure): Diagnostic {
  return said(severity, summary, reason, property);
}

/** A warning of the session: its first sentence above, the others below. */
export function warningText(text: string): Diagnostic {
  const [, first = text, rest] = /^(.*?[^.]\.) (?=[A-Z])(.*)$/s.exec(text) ?? [];
  return said('WARNING', first, rest);
}

function told(severity: Severity, { summary, hint, property }: PortforwardError): Diagnostic {
  return said(severity, summary, hint, property);
}

function said(severity: Severity, summary: string, detail?: string, property?: string): Diagnostic {
  return {
    severity,
    summary: inHcl(summary),
    ...(detail === undefined ? {} : { detail: inHcl(detail) }),
    ...(property === undefined ? {} : { attribute: pathOf(property) }),
  };
}
