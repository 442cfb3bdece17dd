import type { ObjectType, Type, Typed } from '../codec/type';
import type { Schema, SchemaAttribute } from '../wire/messages';

/** One attribute as we declare it. */
export interface Attribute {
  readonly name: string;
  readonly type: Type | Nested;
  /** Who says what it is: the user must, the user may, the provider does, or the provider where the user does not. */
  readonly set: 'required' | 'optional' | 'computed' | 'optional-computed';
  /** Markdown. */
  readonly description: string;
  readonly sensitive?: boolean;
}

/** An object, or a list of objects, whose attributes are described one by one. */
export interface Nested {
  readonly nesting: 'SINGLE' | 'LIST';
  readonly attributes: readonly Attribute[];
}

/** What the engine is told of a resource, a data source or the provider, and for the codec the type of its values. */
export type Block = Schema & Typed;

/** `version` = of the shape of stored states; with a change of it goes an upgrade. */
export function makeBlock(description: string, attributes: readonly Attribute[], version = 0): Block {
  return {
    version,
    block: { attributes: attributes.map(message), description, description_kind: 'MARKDOWN' },
    type: objectType(attributes),
  };
}

function message({ name, type, set, description, sensitive }: Attribute): SchemaAttribute {
  return {
    name,
    ...(isNested(type)
      ? { nested_type: { nesting: type.nesting, attributes: type.attributes.map(message) } }
      : { type: Buffer.from(JSON.stringify(type)) }),
    description,
    description_kind: 'MARKDOWN',
    ...(set === 'required' ? { required: true } : {}),
    ...(set.startsWith('optional') ? { optional: true } : {}),
    ...(set.endsWith('computed') ? { computed: true } : {}),
    ...(sensitive ? { sensitive } : {}),
  };
}

function objectType(attributes: readonly Attribute[]): ObjectType {
  return ['object', Object.fromEntries(attributes.map(({ name, type }) => [name, typeOf(type)]))];
}

function typeOf(type: Type | Nested): Type {
  if (!isNested(type)) return type;
  const object = objectType(type.attributes);
  return type.nesting === 'SINGLE' ? object : ['list', object];
}

function isNested(type: Type | Nested): type is Nested {
  return typeof type === 'object' && 'nesting' in type;
}
