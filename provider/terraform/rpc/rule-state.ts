import { stateOf } from '../../session/outputs';
import type { RuleState } from '../../session/state';
import type { Values } from '../codec/type';
import { snake } from '../schema/names';
import { fromInputs, toInputs } from '../schema/rule-values';
import type { Diagnostic } from '../wire/messages';
import { failureOf } from './diagnostics';
import { decodePrivate } from './private-state';

/** The attributes of a rule that are not its properties, by what they are in a state. */
const BESIDE = (['owner', 'gatewayName', 'endpoint', 'device'] as const).map((name) => ({
  name,
  attribute: snake(name),
}));

/** The recorded rule out of what the engine kept of it. */
export function recordedOf(attributes: Values, kept: Uint8Array): RuleState {
  const { entries, renewalDue } = decodePrivate(kept);
  const told: Record<string, unknown> = { ...toInputs(attributes), entries, renewalDue };
  for (const { name, attribute } of BESIDE) told[name] = attributes[attribute];
  return stateOf(told);
}

/** A rule as the engine keeps it. `recorded` = its attributes before, where there were any. */
export function attributesOf(
  state: RuleState,
  recorded: Values | null,
): { readonly attributes: Values; readonly warnings: readonly Diagnostic[] } {
  const { attributes, texts } = fromInputs(state.inputs, recorded);
  const told: Record<string, unknown> = { ...attributes, id: `${state.owner}/${state.inputs.name}` };
  for (const { name, attribute } of BESIDE) told[attribute] = state[name];
  return {
    attributes: told,
    warnings: texts.map((text) => failureOf('WARNING', 'What is on the gateway is no value of a rule', text)),
  };
}
