import { PortforwardError } from '../../provider/rule/error';
import { labSupport } from '../namespaces/support';
import { missingForMiniupnpd } from '../services/miniupnpd';
import type { World } from './world';
import { AgentWorld } from './worlds/agent';
import { AgentInMemoryWorld } from './worlds/agent-in-memory';
import { OpenwrtWorld } from './worlds/openwrt';
import { UpnpWorld } from './worlds/upnp';

/** How the story is brought to one kind of gateway: with real packets, or on a table that answers for them, or either. */
interface TourGateway {
  /** What it is, in a few words for the help. */
  readonly about: string;
  readonly real?: {
    start(): Promise<World>;
    /** Why this machine cannot, and what to do; null = it can. */
    missing(): string | null;
  };
  readonly simulated?: () => Promise<World>;
}

const gateways = {
  agent: {
    about: 'our agent on a Linux router',
    real: { start: () => AgentWorld.start(), missing: missingForLab },
    simulated: () => AgentInMemoryWorld.start(),
  },
  openwrt: {
    about: 'a simulated OpenWrt router behind its HTTPS interface; no packets',
    simulated: () => OpenwrtWorld.start(),
  },
  upnp: {
    about: 'a real UPnP router, miniupnpd',
    real: { start: () => UpnpWorld.start(), missing: missingForMiniupnpd },
  },
} as const satisfies Readonly<Record<string, TourGateway>>;

export type GatewayName = keyof typeof gateways;

/** The first is the default. */
export const gatewayNames = Object.keys(gateways) as [GatewayName, ...GatewayName[]];

/** A line for each of them. */
export const gatewayLines = Object.entries(gateways).map(([name, { about }]) => `${name.padEnd(10)}${about}`);

/**
 * What starts the world of a gateway: with real packets where they can be had, unless `simulated` is asked for. Throws `unsupported`
 * with what to do where only they would do, `invalid` where nothing simulates that gateway.
 */
export function chooseWorld(
  name: GatewayName,
  wanted: { readonly simulated: boolean },
  say: (text: string) => void,
): () => Promise<World> {
  const { real, simulated }: TourGateway = gateways[name];
  if (real && !wanted.simulated) {
    const missing = real.missing();
    if (missing === null) return real.start;
    if (!simulated) throw new PortforwardError('unsupported', missing);
    say(`${missing} The tour is simulated instead.`);
  }
  if (simulated) return simulated;
  throw new PortforwardError('invalid', `Nothing simulates the gateway "${name}" in the tour.`, {
    hint: 'Leave --simulated out: it is shown with real packets.',
  });
}

function missingForLab(): string | null {
  const support = labSupport();
  return support.supported ? null : support.reason;
}
