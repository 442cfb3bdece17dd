import { decodeJson } from '../codec/decode';
import { encode } from '../codec/encode';
import { ruleBlock } from '../schema/rule';
import { fromInputs, toInputs } from '../schema/rule-values';
import type { Handler } from '../wire/handlers';
import type { UpgradeResourceStateRequest, UpgradeResourceStateResponse } from '../wire/messages';
import type { Context } from './context';
import { recordedOf } from './rule-state';

/**
 * A stored state in today's shape. Engines ask for it at every read, also at today's version. What older versions did not
 * store is what it means when unset.
 */
export function upgradeRule(
  context: Context,
): Handler<UpgradeResourceStateRequest, UpgradeResourceStateResponse> {
  return ({ raw_state }) =>
    context.answer<UpgradeResourceStateResponse>(() => {
      const stored = decodeJson(ruleBlock, raw_state);
      if (stored === null) return { upgraded_state: encode(ruleBlock, null) };
      const attributes = { ...stored, ...fromInputs(toInputs(stored), stored).attributes };
      // A tainted rule is planned as if it were new: this may be all that is ever seen of it.
      context.turn.see(recordedOf(attributes, new Uint8Array()));
      return { upgraded_state: encode(ruleBlock, attributes) };
    }, {});
}
