import type { Block } from '../schema/block';
import { dataBlocks, resourceBlocks } from '../schema/blocks';
import type { Handler } from '../wire/handlers';
import type { GetProviderSchemaResponse, Nothing, Schema } from '../wire/messages';

/** All that the provider has, and what engines may rely on. */
export function providerSchema(block: Block): Handler<Nothing, GetProviderSchemaResponse> {
  const schemas = (blocks: Readonly<Record<string, Block>>): Record<string, Schema> =>
    Object.fromEntries(Object.entries(blocks).map(([name, one]) => [name, schema(one)]));
  return async () => ({
    provider: schema(block),
    resource_schemas: schemas(resourceBlocks),
    data_source_schemas: schemas(dataBlocks),
    // plan_destroy: what may not be removed is refused by the plan, not halfway through an apply.
    server_capabilities: { plan_destroy: true, get_provider_schema_optional: true },
  });
}

function schema({ version, block }: Block): Schema {
  return { ...(version === undefined ? {} : { version }), block };
}
