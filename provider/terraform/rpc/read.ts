import { isDeepStrictEqual } from 'node:util';
import { hasCode, PortforwardError } from '../../rule/error';
import { ownError } from '../../session/failures';
import type { RuleState } from '../../session/state';
import { decode } from '../codec/decode';
import { encode, encodeSame } from '../codec/encode';
import { ruleBlock } from '../schema/rule';
import type { Handler } from '../wire/handlers';
import type { ReadResourceRequest, ReadResourceResponse } from '../wire/messages';
import type { Context } from './context';
import { warningOf } from './diagnostics';
import { decodePrivate, encodePrivate, privateOf } from './private-state';
import { notRead } from './refusals';
import { attributesOf, recordedOf } from './rule-state';

/** The live rule; null when it is gone. A gateway that does not answer is an error, never a rule that is gone. */
export function readRule(context: Context): Handler<ReadResourceRequest, ReadResourceResponse> {
  return (request, { signal }) =>
    context.answer<ReadResourceResponse>(async () => {
      const before = decode(ruleBlock, request.current_state);
      const gateway = context.configured();
      const { turn } = context;
      turn.course.read();
      const unread = () => ({
        new_state: encodeSame(ruleBlock, before, request.current_state),
        private: request.private,
      });
      if (before === null) return unread();
      const recorded = recordedOf(before, request.private);
      turn.see(recorded);
      if (gateway === null)
        return { ...unread(), diagnostics: turn.first('unread') ? [warningOf(notConfigured())] : [] };
      const state = await gateway.session.read(recorded, signal).catch((error: unknown) => {
        throw hasCode(error, 'cancelled') ? error : notRead(ownError(error));
      });
      // Whoever waits to be shown this rule.
      turn.course.wake();
      if (state === null) {
        turn.run.lose(recorded);
        return { new_state: encode(ruleBlock, null) };
      }
      const { attributes, warnings } = attributesOf(state, before);
      const same = isDeepStrictEqual(attributes, before);
      return {
        new_state: same
          ? encodeSame(ruleBlock, before, request.current_state)
          : encode(ruleBlock, attributes),
        private:
          same && state.renewalDue === recorded.renewalDue ? request.private : keptOf(state, request.private),
        diagnostics: warnings,
      };
    }, {});
}

/**
 * Engines take a change of the private state for drift too, and a handle that changed is none: it is written again only with
 * an attribute, or when a mapping ends earlier than was thought. Entries are found by their tags, whatever their handles.
 */
function keptOf(state: RuleState, before: Uint8Array): Uint8Array {
  const { unsettled } = decodePrivate(before);
  return encodePrivate({ ...privateOf(state), ...(unsettled ? { unsettled } : {}) });
}

function notConfigured(): PortforwardError {
  return new PortforwardError(
    'unreachable',
    'The configuration of the gateway is not known yet, so its rules are shown as they were recorded, unread.',
    { hint: 'The plan after this apply will read them.' },
  );
}
