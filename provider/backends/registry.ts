import { agentKind } from './agent/backend';
import type { BackendKind } from './kind';
import { openwrtKind } from './openwrt/backend';
import { upnpKind } from './upnp/backend';

/** Every kind of gateway, one line each. */
export const kinds: readonly BackendKind[] = [agentKind, openwrtKind, upnpKind];

/** The kind of this name, or undefined. */
export function findKind(kind: string): BackendKind | undefined {
  return kinds.find((known) => known.kind === kind);
}

/** What `kind` accepts, for messages. */
export function kindNames(): readonly string[] {
  return kinds.map(({ kind }) => kind);
}
