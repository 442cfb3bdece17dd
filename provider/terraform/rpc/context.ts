import type { BackendKind } from '../../backends/kind';
import { PortforwardError } from '../../rule/error';
import type { Session } from '../../session/session';
import type { About } from '../../session/warnings';
import type { Diagnostic } from '../wire/messages';
import { errorOf, warningText } from './diagnostics';
import { Turn } from './turn';

/** What was configured. */
export interface Gateway {
  readonly kind: BackendKind;
  readonly session: Session;
}

/** One provider as its engine sees it: one configuration, and what is remembered under it. */
export class Context {
  /** Null = not configured; `unknown` = configured with values that are known after apply only. */
  gateway: Gateway | 'unknown' | null = null;
  turn = new Turn();
  private pending: string[] = [];

  /** Takes a warning of the session, which knows nothing of calls; it goes along with the next answer. */
  readonly warn = (text: string, about?: About): void => {
    if (about) this.turn.losses.add(about.loser, text);
    else this.pending.push(text);
  };

  /** The gateway, or null while its configuration is unknown. Throws where there is none. */
  configured(): Gateway | null {
    if (this.gateway === null)
      throw new PortforwardError(
        'internal',
        'The engine asks for rules before it has configured the provider.',
      );
    return this.gateway === 'unknown' ? null : this.gateway;
  }

  /** Ends the session; a later call would begin a new one at the gateway. */
  async close(): Promise<void> {
    if (this.gateway !== null && this.gateway !== 'unknown') await this.gateway.session.close();
  }

  /** A failure as it shall be said now: not a thousand times at length. */
  private told(thrown: unknown): unknown {
    const { gateway } = this;
    if (gateway === null || gateway === 'unknown') return thrown;
    return this.turn.repeats.say(thrown, gateway.session.options.gatewayName);
  }

  /** An answer with its diagnostics; what is thrown becomes the error, with `failed` as the rest of the answer. */
  async answer<Answer extends { readonly diagnostics?: readonly Diagnostic[] }>(
    work: () => Answer | Promise<Answer>,
    failed: Answer,
  ): Promise<Answer> {
    const { course, losses } = this.turn;
    const end = course.begin();
    let answer: Answer;
    try {
      answer = await work();
    } catch (thrown) {
      answer = { ...failed, diagnostics: [errorOf(this.told(thrown))] };
    } finally {
      end();
    }
    const texts = [...(await losses.last()), ...this.pending.splice(0)];
    if (texts.length === 0) return answer;
    return { ...answer, diagnostics: [...texts.map(warningText), ...(answer.diagnostics ?? [])] };
  }
}
