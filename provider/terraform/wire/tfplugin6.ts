// Copyright IBM Corp. 2020, 2026
// SPDX-License-Identifier: MPL-2.0
import { call, exchange, many, map, message, names, one, type Parts } from './table';

/*
 * The plugin protocol 6.11 of Terraform and OpenTofu, written as a table after tfplugin6.proto in
 * hashicorp/terraform-plugin-go, which asks authors of plugins to copy it (this file alone stays under its licence).
 *
 * Here stands what this provider uses. Left out are functions with parameters, ephemeral and list resources, actions,
 * state stores, identities and moves between types: a call without a row is answered with UNIMPLEMENTED, as engines
 * expect of a provider that has none, and fields without a row are skipped when they arrive and empty when we send.
 */

const diagnostics = { diagnostics: many('Diagnostic', 1) };
const documented = { description: one('string', 4), description_kind: one('StringKind', 5) };

const Schema = message(
  { version: one('int64', 1), block: one('Block', 2) },
  {
    Block: message({
      version: one('int64', 1),
      attributes: many('Attribute', 2),
      block_types: many('NestedBlock', 3),
      ...documented,
      deprecated: one('bool', 6),
      deprecation_message: one('string', 7),
    }),
    Attribute: message({
      name: one('string', 1),
      type: one('bytes', 2),
      nested_type: one('Object', 10),
      description: one('string', 3),
      required: one('bool', 4),
      optional: one('bool', 5),
      computed: one('bool', 6),
      sensitive: one('bool', 7),
      description_kind: one('StringKind', 8),
      deprecated: one('bool', 9),
      write_only: one('bool', 11),
      deprecation_message: one('string', 12),
    }),
    NestedBlock: message(
      {
        type_name: one('string', 1),
        block: one('Block', 2),
        nesting: one('NestingMode', 3),
        min_items: one('int64', 4),
        max_items: one('int64', 5),
      },
      { NestingMode: names('INVALID', 'SINGLE', 'LIST', 'SET', 'MAP', 'GROUP') },
    ),
    Object: message(
      { attributes: many('Attribute', 1), nesting: one('NestingMode', 3) },
      { NestingMode: names('INVALID', 'SINGLE', 'LIST', 'SET', 'MAP') },
    ),
  },
);

const AttributePath = message(
  { steps: many('Step', 1) },
  {
    Step: {
      oneofs: { selector: { oneof: ['attribute_name', 'element_key_string', 'element_key_int'] } },
      ...message({
        attribute_name: one('string', 1),
        element_key_string: one('string', 2),
        element_key_int: one('int64', 3),
      }),
    },
  },
);

const Deferred = message(
  { reason: one('Reason', 1) },
  { Reason: names('UNKNOWN', 'RESOURCE_CONFIG_UNKNOWN', 'PROVIDER_CONFIG_UNKNOWN', 'ABSENT_PREREQ') },
);

const shared: Parts = {
  DynamicValue: message({ msgpack: one('bytes', 1), json: one('bytes', 2) }),
  Diagnostic: message(
    {
      severity: one('Severity', 1),
      summary: one('string', 2),
      detail: one('string', 3),
      attribute: one('AttributePath', 4),
    },
    { Severity: names('INVALID', 'ERROR', 'WARNING') },
  ),
  AttributePath,
  RawState: message({ json: one('bytes', 1), flatmap: map('string', 2) }),
  StringKind: names('PLAIN', 'MARKDOWN'),
  Schema,
  Deferred,
  ServerCapabilities: message({
    plan_destroy: one('bool', 1),
    get_provider_schema_optional: one('bool', 2),
    move_resource_state: one('bool', 3),
    generate_resource_config: one('bool', 4),
  }),
  ClientCapabilities: message({
    deferral_allowed: one('bool', 1),
    write_only_attributes_allowed: one('bool', 2),
  }),
};

const exchanges: Parts = {
  GetProviderSchema: exchange(
    {},
    {
      provider: one('Schema', 1),
      resource_schemas: map('Schema', 2),
      data_source_schemas: map('Schema', 3),
      diagnostics: many('Diagnostic', 4),
      provider_meta: one('Schema', 5),
      server_capabilities: one('ServerCapabilities', 6),
    },
  ),
  GetResourceIdentitySchemas: exchange({}, { diagnostics: many('Diagnostic', 2) }),
  GetFunctions: exchange({}, { diagnostics: many('Diagnostic', 2) }),
  ValidateProviderConfig: exchange(
    { config: one('DynamicValue', 1) },
    { diagnostics: many('Diagnostic', 2) },
  ),
  ConfigureProvider: exchange(
    {
      terraform_version: one('string', 1),
      config: one('DynamicValue', 2),
      client_capabilities: one('ClientCapabilities', 3),
    },
    diagnostics,
  ),
  ValidateResourceConfig: exchange(
    {
      type_name: one('string', 1),
      config: one('DynamicValue', 2),
      client_capabilities: one('ClientCapabilities', 3),
    },
    diagnostics,
  ),
  ValidateDataResourceConfig: exchange(
    { type_name: one('string', 1), config: one('DynamicValue', 2) },
    diagnostics,
  ),
  UpgradeResourceState: exchange(
    { type_name: one('string', 1), version: one('int64', 2), raw_state: one('RawState', 3) },
    { upgraded_state: one('DynamicValue', 1), diagnostics: many('Diagnostic', 2) },
  ),
  ReadResource: exchange(
    {
      type_name: one('string', 1),
      current_state: one('DynamicValue', 2),
      private: one('bytes', 3),
      provider_meta: one('DynamicValue', 4),
      client_capabilities: one('ClientCapabilities', 5),
    },
    {
      new_state: one('DynamicValue', 1),
      diagnostics: many('Diagnostic', 2),
      private: one('bytes', 3),
      deferred: one('Deferred', 4),
    },
  ),
  PlanResourceChange: exchange(
    {
      type_name: one('string', 1),
      prior_state: one('DynamicValue', 2),
      proposed_new_state: one('DynamicValue', 3),
      config: one('DynamicValue', 4),
      prior_private: one('bytes', 5),
      provider_meta: one('DynamicValue', 6),
      client_capabilities: one('ClientCapabilities', 7),
    },
    {
      planned_state: one('DynamicValue', 1),
      requires_replace: many('AttributePath', 2),
      planned_private: one('bytes', 3),
      diagnostics: many('Diagnostic', 4),
      deferred: one('Deferred', 6),
    },
  ),
  ApplyResourceChange: exchange(
    {
      type_name: one('string', 1),
      prior_state: one('DynamicValue', 2),
      planned_state: one('DynamicValue', 3),
      config: one('DynamicValue', 4),
      planned_private: one('bytes', 5),
      provider_meta: one('DynamicValue', 6),
    },
    {
      new_state: one('DynamicValue', 1),
      private: one('bytes', 2),
      diagnostics: many('Diagnostic', 3),
    },
  ),
  ImportResourceState: exchange(
    {
      type_name: one('string', 1),
      id: one('string', 2),
      client_capabilities: one('ClientCapabilities', 3),
    },
    {
      imported_resources: many('ImportedResource', 1),
      diagnostics: many('Diagnostic', 2),
      deferred: one('Deferred', 3),
    },
    {
      ImportedResource: message({
        type_name: one('string', 1),
        state: one('DynamicValue', 2),
        private: one('bytes', 3),
      }),
    },
  ),
  ReadDataSource: exchange(
    {
      type_name: one('string', 1),
      config: one('DynamicValue', 2),
      provider_meta: one('DynamicValue', 3),
      client_capabilities: one('ClientCapabilities', 4),
    },
    {
      state: one('DynamicValue', 1),
      diagnostics: many('Diagnostic', 2),
      deferred: one('Deferred', 3),
    },
  ),
  StopProvider: exchange({}, { Error: one('string', 1) }),
};

/** The messages of the package `tfplugin6` and its service `Provider`. */
export const tfplugin6: Parts = {
  ...shared,
  ...exchanges,
  Provider: {
    methods: Object.fromEntries(
      Object.keys(exchanges).map((name) => [name, call(`${name}.Request`, `${name}.Response`)]),
    ),
  },
};
