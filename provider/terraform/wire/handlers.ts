import type * as messages from './messages';

/** One running call. */
export interface Call {
  /**
   * Aborts when the engine asks to stop (Ctrl-C), gives the call up, or is gone. Finish soon: what the answer says is
   * still recorded unless the engine is gone. Calls that begin later have signals of their own.
   */
  readonly signal: AbortSignal;
}

/** Throwing is for what must not happen: the engine shows it as a broken plugin. Everything else is a diagnostic. */
export type Handler<Request, Response> = (request: Request, call: Call) => Promise<Response>;

/**
 * What an engine may ask of a provider, one method a call of the protocol. Engines call many at once, in any order
 * after `configureProvider`. A missing optional one answers that there is no such call, which engines take well.
 */
export interface ProviderHandlers {
  getProviderSchema: Handler<messages.Nothing, messages.GetProviderSchemaResponse>;
  validateProviderConfig: Handler<messages.ValidateProviderConfigRequest, messages.Diagnosed>;
  configureProvider: Handler<messages.ConfigureProviderRequest, messages.Diagnosed>;
  validateResourceConfig: Handler<messages.ValidateResourceConfigRequest, messages.Diagnosed>;
  validateDataResourceConfig: Handler<messages.ValidateDataResourceConfigRequest, messages.Diagnosed>;
  upgradeResourceState: Handler<messages.UpgradeResourceStateRequest, messages.UpgradeResourceStateResponse>;
  readResource: Handler<messages.ReadResourceRequest, messages.ReadResourceResponse>;
  planResourceChange: Handler<messages.PlanResourceChangeRequest, messages.PlanResourceChangeResponse>;
  applyResourceChange: Handler<messages.ApplyResourceChangeRequest, messages.ApplyResourceChangeResponse>;
  importResourceState: Handler<messages.ImportResourceStateRequest, messages.ImportResourceStateResponse>;
  readDataSource: Handler<messages.ReadDataSourceRequest, messages.ReadDataSourceResponse>;
  /** No identities: answer with nothing. */
  getResourceIdentitySchemas?: Handler<messages.Nothing, messages.Diagnosed>;
  /** No functions: answer with nothing. */
  getFunctions?: Handler<messages.Nothing, messages.Diagnosed>;
  /** Ends the sessions with gateways. Called once, when no more calls come; waited for no longer than a second. */
  close?(): Promise<void>;
}
