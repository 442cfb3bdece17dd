import { properties } from '../rule/properties';
import type { RuleInputs } from '../rule/rule';
import type { Place } from './moved';
import type { RuleState } from './state';

/** What an engine hands back of a rule: the rule's properties, and beside them what was recorded of it, by our names. */
export type Outputs = Readonly<Record<string, unknown>>;

/** The recorded rule out of what an engine kept; tolerant of what older versions did not record. */
export function stateOf(outputs: Outputs): RuleState {
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

/**
 * A rule of which an engine tells less than the whole state: what is missing is as on the configured gateway. Enough to
 * tell an existing rule from a new one, and to find it there.
 */
export function stateAt(place: Place, outputs: Outputs): RuleState {
  const { owner, gatewayName, endpoint } = place;
  return { ...stateOf(outputs), owner, gatewayName, endpoint };
}

/** For engines to which undefined is a value, or an error: what is absent must stay absent, else it shows as drift. */
export function withoutUndefined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
