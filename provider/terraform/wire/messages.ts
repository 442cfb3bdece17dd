/*
 * What the calls of an engine carry, in the names of the protocol (tfplugin6 6.11). Of what arrives every field is there:
 * an absent message is null, absent bytes are an empty Buffer, absent text is ''. Of what we send only what is set.
 */

/** A value as it arrives. Engines fill `msgpack`; the other one is an empty Buffer. */
export interface DynamicValue {
  readonly msgpack: Buffer;
  readonly json: Buffer;
}

/** A value as we send it. */
export interface EncodedValue {
  readonly msgpack: Uint8Array;
}

/** A way into a value, one step a level. */
export interface AttributePath {
  readonly steps: readonly PathStep[];
}

export type PathStep =
  | { readonly attribute_name: string }
  | { readonly element_key_string: string }
  | { readonly element_key_int: number };

export interface Diagnostic {
  readonly severity: 'ERROR' | 'WARNING';
  /** One line. */
  readonly summary: string;
  readonly detail?: string;
  /** With it the engine shows the file, the line and the value. */
  readonly attribute?: AttributePath;
}

export interface Diagnosed {
  readonly diagnostics?: readonly Diagnostic[];
}

export interface Deferred {
  readonly reason: 'RESOURCE_CONFIG_UNKNOWN' | 'PROVIDER_CONFIG_UNKNOWN' | 'ABSENT_PREREQ';
}

/** A state as it was stored: JSON since protocol 5; `flatmap` only in states older than any of ours. */
export interface RawState {
  readonly json: Buffer;
  readonly flatmap: Readonly<Record<string, string>>;
}

export type StringKind = 'PLAIN' | 'MARKDOWN';

export interface Schema {
  /** Of the state's shape; the engine hands states of other versions to `upgradeResourceState`. */
  readonly version?: number;
  readonly block: SchemaBlock;
}

export interface SchemaBlock {
  readonly version?: number;
  readonly attributes?: readonly SchemaAttribute[];
  readonly block_types?: readonly SchemaNestedBlock[];
  readonly description?: string;
  readonly description_kind?: StringKind;
  readonly deprecated?: boolean;
  readonly deprecation_message?: string;
}

export interface SchemaAttribute {
  readonly name: string;
  /** The type in the engine's JSON notation, such as `"string"` or `["set","string"]`; or else `nested_type`. */
  readonly type?: Uint8Array;
  readonly nested_type?: SchemaObject;
  readonly description?: string;
  readonly description_kind?: StringKind;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly deprecated?: boolean;
  readonly write_only?: boolean;
  readonly deprecation_message?: string;
}

export interface SchemaObject {
  readonly attributes: readonly SchemaAttribute[];
  readonly nesting: 'SINGLE' | 'LIST' | 'SET' | 'MAP';
}

export interface SchemaNestedBlock {
  readonly type_name: string;
  readonly block: SchemaBlock;
  readonly nesting: 'SINGLE' | 'LIST' | 'SET' | 'MAP' | 'GROUP';
  readonly min_items?: number;
  readonly max_items?: number;
}

export interface ServerCapabilities {
  /** Deletes are planned too: `planResourceChange` with a null `proposed_new_state`. */
  readonly plan_destroy?: boolean;
  /** The engine may use a schema that it keeps instead of asking each process. */
  readonly get_provider_schema_optional?: boolean;
  readonly move_resource_state?: boolean;
  readonly generate_resource_config?: boolean;
}

export interface ClientCapabilities {
  readonly deferral_allowed: boolean;
  readonly write_only_attributes_allowed: boolean;
}

export type Nothing = Readonly<Record<string, never>>;

export interface GetProviderSchemaResponse extends Diagnosed {
  readonly provider: Schema;
  readonly resource_schemas?: Readonly<Record<string, Schema>>;
  readonly data_source_schemas?: Readonly<Record<string, Schema>>;
  readonly provider_meta?: Schema;
  readonly server_capabilities?: ServerCapabilities;
}

export interface ValidateProviderConfigRequest {
  readonly config: DynamicValue | null;
}

export interface ConfigureProviderRequest {
  /** The engine's own version, OpenTofu's too. */
  readonly terraform_version: string;
  readonly config: DynamicValue | null;
  readonly client_capabilities: ClientCapabilities | null;
}

export interface ValidateResourceConfigRequest {
  readonly type_name: string;
  readonly config: DynamicValue | null;
  readonly client_capabilities: ClientCapabilities | null;
}

export interface ValidateDataResourceConfigRequest {
  readonly type_name: string;
  readonly config: DynamicValue | null;
}

export interface UpgradeResourceStateRequest {
  readonly type_name: string;
  /** The schema version that the state was stored with. */
  readonly version: number;
  readonly raw_state: RawState | null;
}

export interface UpgradeResourceStateResponse extends Diagnosed {
  readonly upgraded_state?: EncodedValue;
}

export interface ReadResourceRequest {
  readonly type_name: string;
  readonly current_state: DynamicValue | null;
  readonly private: Buffer;
  readonly provider_meta: DynamicValue | null;
  readonly client_capabilities: ClientCapabilities | null;
}

export interface ReadResourceResponse extends Diagnosed {
  readonly new_state?: EncodedValue;
  readonly private?: Uint8Array;
  readonly deferred?: Deferred;
}

export interface PlanResourceChangeRequest {
  readonly type_name: string;
  readonly prior_state: DynamicValue | null;
  readonly proposed_new_state: DynamicValue | null;
  readonly config: DynamicValue | null;
  readonly prior_private: Buffer;
  readonly provider_meta: DynamicValue | null;
  readonly client_capabilities: ClientCapabilities | null;
}

export interface PlanResourceChangeResponse extends Diagnosed {
  readonly planned_state?: EncodedValue;
  readonly requires_replace?: readonly AttributePath[];
  readonly planned_private?: Uint8Array;
  readonly deferred?: Deferred;
}

export interface ApplyResourceChangeRequest {
  readonly type_name: string;
  readonly prior_state: DynamicValue | null;
  readonly planned_state: DynamicValue | null;
  readonly config: DynamicValue | null;
  readonly planned_private: Buffer;
  readonly provider_meta: DynamicValue | null;
}

export interface ApplyResourceChangeResponse extends Diagnosed {
  readonly new_state?: EncodedValue;
  readonly private?: Uint8Array;
}

export interface ImportResourceStateRequest {
  readonly type_name: string;
  readonly id: string;
  readonly client_capabilities: ClientCapabilities | null;
}

export interface ImportedResource {
  readonly type_name: string;
  readonly state: EncodedValue;
  readonly private?: Uint8Array;
}

export interface ImportResourceStateResponse extends Diagnosed {
  readonly imported_resources?: readonly ImportedResource[];
  readonly deferred?: Deferred;
}

export interface ReadDataSourceRequest {
  readonly type_name: string;
  readonly config: DynamicValue | null;
  readonly provider_meta: DynamicValue | null;
  readonly client_capabilities: ClientCapabilities | null;
}

export interface ReadDataSourceResponse extends Diagnosed {
  readonly state?: EncodedValue;
  readonly deferred?: Deferred;
}
