import { agentKind } from './agent/kind';
import type { BackendKind, DescribedKind } from './kind';
import { openwrtKind } from './openwrt/kind';
import { upnpKind } from './upnp/kind';

/** Every kind of gateway, one line each. What speaks to one is loaded when it connects: engines start us to ask far less. */
export const kinds: readonly DescribedKind[] = [agentKind, openwrtKind, upnpKind];

/** The kind of this name, or undefined. */
export function findKind(kind: string): BackendKind | undefined {
  return kinds.find((known) => known.kind === kind);
}

/** What `kind` accepts, for messages. */
export function kindNames(): readonly string[] {
  return kinds.map(({ kind }) => kind);
}
