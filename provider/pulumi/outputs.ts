import { properties } from '../rule/properties';
import type { LooseInputs } from '../rule/rule';
import { withoutUndefined } from '../session/outputs';
import type { RuleState } from '../session/state';

export type { RecordedEntry } from '../session/state';

import { markUnknown } from './unknown';

/** The resource's properties as Pulumi sends them: a rule's own, and Pulumi's `__provider`. */
export type Properties = Readonly<Record<string, unknown>>;

/** The name of every output of a rule. */
export const ruleOutputs: readonly string[] = [
  ...properties.map(({ name }) => name),
  'owner',
  'gatewayName',
  'endpoint',
  'device',
  'entries',
  'renewalDue',
];

/** What Pulumi keeps of a rule: its inputs as spelled, and beside them where it lives and what stands there. */
export function outputsOf(state: RuleState): Record<string, unknown> {
  const { inputs, ...rest } = state;
  // Pulumi's wire format refuses undefined, and what is absent must stay absent: it would show as drift.
  return withoutUndefined({ ...inputs, ...rest });
}

/** What a read hands back as inputs, so that drift shows property by property. */
export function inputsOf(state: RuleState): Record<string, unknown> {
  return withoutUndefined({ ...state.inputs });
}

/** The inputs of a rule as Pulumi sends them, without Pulumi's own, unknown values marked. */
export function ruleInputs(news: Properties): LooseInputs {
  const { __provider: _text, ...own } = news;
  return markUnknown(own) as LooseInputs;
}
