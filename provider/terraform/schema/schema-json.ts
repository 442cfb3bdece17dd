import { kinds } from '../../backends/registry';
import { SOURCE } from '../source';
import { HOSTS } from '../wire/hosts';
import type { SchemaAttribute, SchemaObject } from '../wire/messages';
import type { Block } from './block';
import { dataBlocks, resourceBlocks } from './blocks';
import { providerBlock } from './provider';

/** The version of the format; engines add to it, and change it when they break it. */
const FORMAT = '1.0';

/**
 * What `providers schema -json` of an engine prints of this provider, made without any engine: generators read it.
 * `host` = of the engine's own registry; without it Terraform's.
 */
export function schemaJson(host: string = HOSTS[0]): object {
  return {
    format_version: FORMAT,
    provider_schemas: {
      [`${host}/${SOURCE}`]: {
        provider: schema(providerBlock(kinds)),
        resource_schemas: byName(Object.entries<Block>(resourceBlocks), schema),
        data_source_schemas: byName(Object.entries<Block>(dataBlocks), schema),
      },
    },
  };
}

function schema({ version, block }: Block): object {
  const { description, description_kind, attributes } = block;
  return {
    version,
    block: { attributes: attributeMap(attributes ?? []), description, ...kind(description_kind) },
  };
}

function attribute({ name, type, nested_type, description_kind, ...rest }: SchemaAttribute): object {
  return {
    ...(type === undefined ? {} : { type: JSON.parse(Buffer.from(type).toString()) }),
    ...(nested_type === undefined ? {} : { nested_type: nested(nested_type) }),
    ...rest,
    ...kind(description_kind),
  };
}

function nested({ nesting, attributes }: SchemaObject): object {
  return { attributes: attributeMap(attributes), nesting_mode: nesting.toLowerCase() };
}

function attributeMap(attributes: readonly SchemaAttribute[]): object {
  return byName(
    attributes.map((one) => [one.name, one] as const),
    attribute,
  );
}

function kind(description_kind = 'PLAIN'): object {
  return { description_kind: description_kind.toLowerCase() };
}

/** In the order of their names, as engines print them. */
function byName<Value>(
  entries: readonly (readonly [string, Value])[],
  show: (value: Value) => object,
): object {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, value]) => [name, show(value)]));
}
