import { type NamedProperty, properties } from '../../rule/properties';
import type { Failure, Forward, LooseInputs, RuleInputs } from '../../rule/rule';
import { withDefaults } from '../../rule/with-defaults';
import type { Values } from '../codec/type';
import { snake } from './names';
import { toldProperties } from './property-attribute';

/** Attributes of a rule, and what they could not say. */
export interface Spelled {
  readonly attributes: Values;
  /** To be shown as warnings: what the gateway says and no value of the attribute's type can. */
  readonly texts: readonly Failure[];
}

/** Each property with its attribute: what follows is done several times for every rule of a plan. */
const columns = properties.map((row) => ({ row, property: row.name, attribute: snake(row.name) }));

/** The rule's properties among its attributes; null = unset is left out, UNKNOWN stays. */
export function toInputs(attributes: Values): LooseInputs {
  const inputs: Record<string, unknown> = {};
  for (const { property, attribute } of columns) {
    const value = attributes[attribute] ?? undefined;
    if (value !== undefined) inputs[property] = value;
  }
  return inputs;
}

/**
 * The attributes of a rule's properties, defaults filled in as a plan does. Where the entries of a rule disagree a property
 * is a text, whatever its type: then a boolean becomes the opposite of the `recorded` one, so that a plan shows the
 * difference, and the text is told apart.
 */
export function fromInputs(inputs: RuleInputs | LooseInputs, recorded: Values | null): Spelled {
  const filled = withDefaults({ ...inputs });
  const texts: Failure[] = [];
  const attributes: Record<string, unknown> = {};
  for (const { row, property, attribute } of columns) {
    const { value, shown } = attributeOf(row, filled[property], recorded?.[attribute]);
    if (shown !== undefined)
      texts.push({ property, reason: `is "${filled[property]}" on the gateway, shown as ${shown}.` });
    attributes[attribute] = value;
  }
  return { attributes, texts };
}

/** The attributes of any entry on a gateway, ours or not. */
export function fromForward(forward: Forward): Values {
  const told: Record<string, unknown> = {};
  for (const row of toldProperties)
    told[row.name] = row.respell ? row.respell(forward, {}, told) : row.spell?.(forward);
  const { attributes } = fromInputs(told, null);
  return Object.fromEntries(toldProperties.map(({ name }) => [snake(name), attributes[snake(name)]]));
}

function attributeOf(
  row: NamedProperty,
  value: unknown,
  recorded: unknown,
): { readonly value: unknown; readonly shown?: string } {
  if (value === undefined || value === null) return { value: null };
  if (row.type === 'ports' && typeof value === 'number') return { value: String(value) };
  if (typeof value !== 'string') return { value };
  if (row.type === 'boolean') {
    const opposite = !(recorded ?? row.default ?? false);
    return { value: opposite, shown: String(opposite) };
  }
  return row.type === 'texts' ? { value: [value], shown: 'its only element' } : { value };
}
