import { properties } from '../rule/properties';
import type { LooseInputs, RuleInputs } from '../rule/rule';
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

/** The recorded rule out of Pulumi's outputs; tolerant of what older versions did not record. */
export function stateOf(outputs: Properties): RuleState {
  const inputs = Object.fromEntries(
    properties.flatMap(({ name }) => (name in outputs ? [[name, outputs[name]]] : [])),
  );
  return {
    inputs: inputs as unknown as RuleInputs,
    owner: text(outputs.owner),
    gatewayName: text(outputs.gatewayName),
    endpoint: text(outputs.endpoint),
    device: typeof outputs.device === 'string' ? outputs.device : null,
    entries: Array.isArray(outputs.entries) ? outputs.entries : [],
    ...(typeof outputs.renewalDue === 'string' ? { renewalDue: outputs.renewalDue } : {}),
  };
}

/** The inputs of a rule as Pulumi sends them, without Pulumi's own, unknown values marked. */
export function ruleInputs(news: Properties): LooseInputs {
  const { __provider: _text, ...own } = news;
  return markUnknown(own) as LooseInputs;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function withoutUndefined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
