import { igd2 } from '../../../lab/simulators/igd/habits';
import * as memoryKinds from '../../../lab/simulators/memory/kinds';
import { agentHarness } from '../../contract/agent-harness';
import type { Harness } from '../../contract/harness';
import { memoryHarness } from '../../contract/memory-harness';
import { openwrtHarness } from '../../contract/openwrt-harness';
import { upnpHarness } from '../../contract/upnp-harness';
import { served } from '../support/served/harness';
import type { DoorName, Surroundings } from './case';

/** A kind of gateway on which the table is played; its harness tells the doors how it is reached. */
export interface Gateway {
  readonly name: string;
  readonly harness: Harness;
  /** Whether it tells of its LANs. */
  readonly lans: boolean;
  /** Whether entries of other programs can become ours. */
  readonly foreign: 'changeable' | 'fixed';
  /** Doors that play here only the cases that can be played together, and why. */
  readonly brief: { readonly [D in DoorName]?: string };
  /** Doors that do not play here, and why. */
  readonly without: { readonly [D in DoorName]?: string };
}

/** A command of the Pulumi engine takes seconds of processor time. */
const BRIEF = { pulumi: 'what its provider alone decides is shown over its process' };

export const agent: Gateway = {
  name: 'the agent',
  harness: agentHarness,
  lans: true,
  foreign: 'fixed',
  brief: {},
  without: {},
};

export const openwrt: Gateway = {
  name: 'OpenWrt',
  harness: openwrtHarness,
  lans: true,
  foreign: 'changeable',
  brief: BRIEF,
  without: {},
};

/** Over the loopback nobody can tell on which LAN the router is. */
export const upnp: Gateway = {
  name: 'UPnP',
  harness: upnpHarness(igd2),
  lans: false,
  foreign: 'changeable',
  brief: BRIEF,
  without: {},
};

const ENTRIES = 'it differs from others in what becomes of a rule in the table';

/** Gateways in memory, one for each way to be a router: what only some of them can do is cut into entries, or refused. */
export const memory: readonly Gateway[] = Object.entries(memoryKinds).map(([name, kind]) => ({
  name: `${name} (in memory)`,
  harness: served(memoryHarness(kind)),
  lans: true,
  foreign: 'changeable',
  brief: { 'pulumi process': ENTRIES, terraform: ENTRIES },
  without: {
    pulumi: 'its provider is that of the process, and a command takes seconds',
    tofu: 'its provider is that of Terraform',
  },
}));

/** Every kind of gateway there is. */
export const gateways: readonly Gateway[] = [agent, openwrt, upnp, ...memory];

export function surroundingsOf({ harness: { network, capabilities } }: Gateway): Surroundings {
  return { ...network, someone: capabilities.entry.sourceHosts ? '203.0.113.7' : '203.0.113.0/24' };
}
