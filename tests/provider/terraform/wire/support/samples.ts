import type * as messages from '../../../../../provider/terraform/wire/messages';

/* One message of every kind, with every field that our types know set to something that is not its default. */

/** All fields of a type, however deep, must be there. */
type Full<T> = T extends Uint8Array | string | number | boolean | null
  ? NonNullable<T>
  : T extends readonly (infer Item)[]
    ? readonly Full<Item>[]
    : { readonly [Key in keyof T]-?: Full<NonNullable<T[Key]>> };

const bytes = (text: string) => Buffer.from(text);
const value: Full<messages.DynamicValue> = { msgpack: bytes('m'), json: bytes('j') };
const sent: Full<messages.EncodedValue> = { msgpack: bytes('m') };
const client: Full<messages.ClientCapabilities> = {
  deferral_allowed: true,
  write_only_attributes_allowed: true,
};
const path: messages.AttributePath = {
  steps: [{ attribute_name: 'a' }, { element_key_string: 'k' }, { element_key_int: 7 }],
};
const diagnostics: Full<messages.Diagnostic>[] = [
  { severity: 'ERROR', summary: 's', detail: 'd', attribute: path as Full<messages.AttributePath> },
  { severity: 'WARNING', summary: 's', detail: 'd', attribute: path as Full<messages.AttributePath> },
];
const deferred: Full<messages.Deferred> = { reason: 'PROVIDER_CONFIG_UNKNOWN' };

const plain = {
  name: 'n',
  type: bytes('"string"'),
  description: 'd',
  description_kind: 'MARKDOWN',
  required: true,
  optional: true,
  computed: true,
  sensitive: true,
  deprecated: true,
  write_only: true,
  deprecation_message: 'x',
} as const;
const block = {
  version: 4,
  attributes: [{ ...plain, nested_type: { nesting: 'SET', attributes: [{ ...plain, name: 'inner' }] } }],
  description: 'd',
  description_kind: 'MARKDOWN',
  deprecated: true,
  deprecation_message: 'x',
} as const;
const schema: messages.Schema = {
  version: 2 ** 40,
  block: {
    ...block,
    block_types: [{ type_name: 't', block, nesting: 'GROUP', min_items: 1, max_items: 9 }],
  },
};

const requests = {
  ValidateProviderConfig: { config: value } satisfies Full<messages.ValidateProviderConfigRequest>,
  ConfigureProvider: {
    terraform_version: '1.11.4',
    config: value,
    client_capabilities: client,
  } satisfies Full<messages.ConfigureProviderRequest>,
  ValidateResourceConfig: {
    type_name: 't',
    config: value,
    client_capabilities: client,
  } satisfies Full<messages.ValidateResourceConfigRequest>,
  ValidateDataResourceConfig: {
    type_name: 't',
    config: value,
  } satisfies Full<messages.ValidateDataResourceConfigRequest>,
  UpgradeResourceState: {
    type_name: 't',
    version: 5,
    raw_state: { json: bytes('{}'), flatmap: { a: 'b' } },
  } satisfies Full<messages.UpgradeResourceStateRequest>,
  ReadResource: {
    type_name: 't',
    current_state: value,
    private: bytes('p'),
    provider_meta: value,
    client_capabilities: client,
  } satisfies Full<messages.ReadResourceRequest>,
  PlanResourceChange: {
    type_name: 't',
    prior_state: value,
    proposed_new_state: value,
    config: value,
    prior_private: bytes('p'),
    provider_meta: value,
    client_capabilities: client,
  } satisfies Full<messages.PlanResourceChangeRequest>,
  ApplyResourceChange: {
    type_name: 't',
    prior_state: value,
    planned_state: value,
    config: value,
    planned_private: bytes('p'),
    provider_meta: value,
  } satisfies Full<messages.ApplyResourceChangeRequest>,
  ImportResourceState: {
    type_name: 't',
    id: 'i',
    client_capabilities: client,
  } satisfies Full<messages.ImportResourceStateRequest>,
  ReadDataSource: {
    type_name: 't',
    config: value,
    provider_meta: value,
    client_capabilities: client,
  } satisfies Full<messages.ReadDataSourceRequest>,
};

const responses = {
  GetProviderSchema: {
    provider: schema,
    resource_schemas: { r: schema },
    data_source_schemas: { d: schema },
    diagnostics,
    provider_meta: schema,
    server_capabilities: {
      plan_destroy: true,
      get_provider_schema_optional: true,
      move_resource_state: true,
      generate_resource_config: true,
    },
  } satisfies Required<messages.GetProviderSchemaResponse>,
  GetResourceIdentitySchemas: { diagnostics } satisfies Full<messages.Diagnosed>,
  GetFunctions: { diagnostics } satisfies Full<messages.Diagnosed>,
  ValidateProviderConfig: { diagnostics } satisfies Full<messages.Diagnosed>,
  ConfigureProvider: { diagnostics } satisfies Full<messages.Diagnosed>,
  ValidateResourceConfig: { diagnostics } satisfies Full<messages.Diagnosed>,
  ValidateDataResourceConfig: { diagnostics } satisfies Full<messages.Diagnosed>,
  UpgradeResourceState: {
    upgraded_state: sent,
    diagnostics,
  } satisfies Full<messages.UpgradeResourceStateResponse>,
  ReadResource: {
    new_state: sent,
    diagnostics,
    private: bytes('p'),
    deferred,
  } satisfies Full<messages.ReadResourceResponse>,
  PlanResourceChange: {
    planned_state: sent,
    requires_replace: [path],
    planned_private: bytes('p'),
    diagnostics,
    deferred,
  } satisfies Required<messages.PlanResourceChangeResponse>,
  ApplyResourceChange: {
    new_state: sent,
    private: bytes('p'),
    diagnostics,
  } satisfies Full<messages.ApplyResourceChangeResponse>,
  ImportResourceState: {
    imported_resources: [{ type_name: 't', state: sent, private: bytes('p') }],
    diagnostics,
    deferred,
  } satisfies Full<messages.ImportResourceStateResponse>,
  ReadDataSource: {
    state: sent,
    diagnostics,
    deferred,
  } satisfies Full<messages.ReadDataSourceResponse>,
};

const named = (part: string, table: Readonly<Record<string, object>>) =>
  Object.entries(table).map(([name, sample]): [string, object] => [`${name}.${part}`, sample]);

/** By the message's name in the protocol. */
export const samples: Readonly<Record<string, object>> = Object.fromEntries([
  ...named('Request', requests),
  ...named('Response', responses),
]);
