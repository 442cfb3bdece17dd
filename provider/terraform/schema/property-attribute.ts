import { type NamedProperty, properties } from '../../rule/properties';
import { unsetMeans } from '../../rule/reference';
import type { Type } from '../codec/type';
import type { Attribute } from './block';
import { inHcl, snake } from './names';

/** Ports are text in HCL, which makes text of a number by itself. */
export const PROPERTY_TYPES: Readonly<Record<NamedProperty['type'], Type>> = {
  text: 'string',
  ports: 'string',
  boolean: 'bool',
  integer: 'number',
  texts: ['set', 'string'],
};

/** What the gateway tells of each entry, hence of entries of others too. */
export const toldProperties: readonly NamedProperty[] = properties.filter(
  ({ spell, respell }) => spell !== undefined || respell !== undefined,
);

/** The attribute by which a user sets a property of a rule. */
export function inputAttribute(row: NamedProperty): Attribute {
  return {
    name: snake(row.name),
    type: PROPERTY_TYPES[row.type],
    set: row.required ? 'required' : isCertain(row) ? 'optional-computed' : 'optional',
    description: [inHcl(row.description), ...accepted(row), ...unset(row)].join(' '),
    ...(row.secret ? { sensitive: true } : {}),
  };
}

/** The attribute in which the gateway's own value is shown. */
export function toldAttribute(row: NamedProperty): Attribute {
  const empty = row.required || isCertain(row) ? '' : `; null: ${nullMeans(row)}`;
  return {
    name: snake(row.name),
    type: PROPERTY_TYPES[row.type],
    set: 'computed',
    description: `As \`${snake(row.name)}\` of a \`portforward_rule\`${empty}.`,
  };
}

/** What equals anything while it is unset is null where the gateway does not tell it. */
function nullMeans(row: NamedProperty): string {
  return row.compared === 'if-set' ? 'the gateway does not tell' : inHcl(unsetMeans(row));
}

/** Whether an unset one means a certain value. */
function isCertain({ default: value, sameAs }: NamedProperty): boolean {
  return value !== undefined || sameAs !== undefined;
}

function accepted({ type, accepts }: NamedProperty): string[] {
  if (type === 'boolean') return [];
  const quotes = type === 'ports' ? ['A range stands in quotes: without them HCL subtracts.'] : [];
  return [`Accepted: ${inHcl(accepts)}.`, ...quotes];
}

function unset(row: NamedProperty): string[] {
  if (row.required) return [];
  return [`${isCertain(row) ? 'Default' : 'Unset'}: ${inHcl(unsetMeans(row))}.`];
}
