import { isDeepStrictEqual } from 'node:util';
import { diff as differing } from '../../rule/diff';
import { ruleId } from '../../rule/identity';
import { type LooseInputs, UNKNOWN } from '../../rule/rule';
import type { Place } from '../../session/moved';
import type { Values } from '../codec/type';
import { fromInputs, toInputs } from '../schema/rule-values';

/** What the engine kept of an existing rule, and whether it must be written anew although nothing was changed. */
export interface Prior {
  readonly attributes: Values;
  readonly due: boolean;
}

/**
 * The attributes that a rule shall have; the very same object where nothing changes. `place` null = the provider's
 * configuration is not known yet. Pure.
 *
 * What means the same as before stays as it was spelled, but only if the whole rule does: engines take a value of the prior
 * state in place of the configured one, attribute by attribute, and mixing both would make a rule that nobody wrote.
 */
export function planned(inputs: LooseInputs, prior: Prior | null, place: Place | null): Values {
  const wanted = fromInputs(inputs, null).attributes;
  if (prior === null) return { ...wanted, ...placed(inputs, place), device: UNKNOWN };
  const before = prior.attributes;
  const asBefore = hasAll(before, wanted);
  // By far the commonest case, and cheap to see.
  if (asBefore && !prior.due && place && hasAll(before, placed(inputs, place))) return before;
  const same = asBefore || differing(toInputs(before), inputs).length === 0;
  const spelled = same
    ? mapped(wanted, (value, name) => (value === null ? null : (before[name] ?? value)))
    : wanted;
  const attributes = { ...before, ...spelled, ...(place && placed(inputs, place)) };
  // An attribute that is known after apply is what makes an engine apply at all.
  if (prior.due) return { ...attributes, device: UNKNOWN };
  if (isDeepStrictEqual(attributes, before)) return before;
  return place === null ? { ...attributes, ...placed(inputs, null) } : attributes;
}

/** The attributes after an apply: as planned, and what was not known then as it is now. */
export function settled(attributes: Values, now: Values): Values {
  return mapped(attributes, (value, name) => (value === UNKNOWN ? now[name] : value));
}

/** Every one of these values, in the same spelling. */
function hasAll(before: Values, wanted: Values): boolean {
  return Object.keys(wanted).every(
    (name) => wanted[name] === before[name] || isDeepStrictEqual(wanted[name], before[name]),
  );
}

function placed({ name }: LooseInputs, place: Place | null): Values {
  if (place === null) return { id: UNKNOWN, owner: UNKNOWN, gateway_name: UNKNOWN, endpoint: UNKNOWN };
  const { owner, gatewayName, endpoint } = place;
  const id = typeof name === 'string' ? ruleId(owner, name) : UNKNOWN;
  return { id, owner, gateway_name: gatewayName, endpoint };
}

function mapped(values: Values, change: (value: unknown, name: string) => unknown): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));
}
