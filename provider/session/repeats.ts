import { hasCode, PortforwardError } from '../rule/error';
import { partialState } from './failures';

/**
 * What many rules hear of one failure of their gateway: one of them at length and by the gateway's name, the others in one
 * line, for a thousand rules of a silent gateway would bury what happened to the rest. A front door keeps one for a run.
 */
export class Repeats {
  private readonly told = new Set<string>();

  /** The failure as it shall be said now. What is none of the gateway's, or has to be recorded, is left as it is. */
  say(error: unknown, gatewayName: string): unknown {
    if (!hasCode(error, 'unreachable', 'timeout', 'credential', 'denied', 'version', 'device')) return error;
    if (partialState(error)) return error;
    const { code, summary, hint, property, retryable } = error;
    const said = (text: string, next?: string): PortforwardError =>
      new PortforwardError(code, text, {
        ...(next === undefined ? {} : { hint: next }),
        ...(property === undefined ? {} : { property }),
        retryable,
        cause: error,
      });
    const named = summary.includes(`"${gatewayName}"`) ? summary : `Gateway "${gatewayName}": ${summary}`;
    if (!this.first(`${named} ${hint}`))
      return said(`Gateway "${gatewayName}": the same as for another rule.`);
    if (hint !== undefined && !this.first(hint)) return said(named, 'What to do is told with another rule.');
    return said(named, hint);
  }

  private first(text: string): boolean {
    const first = !this.told.has(text);
    this.told.add(text);
    return first;
  }
}
