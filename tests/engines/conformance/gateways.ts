import { igd2 } from '../../../lab/simulators/igd/habits';
import { agentHarness } from '../../contract/agent-harness';
import type { Harness } from '../../contract/harness';
import { openwrtHarness } from '../../contract/openwrt-harness';
import { upnpHarness } from '../../contract/upnp-harness';
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
}

/** A command of the Pulumi engine takes seconds of processor time. */
const BRIEF = { pulumi: 'what its provider alone decides is shown over its process' };

export const agent: Gateway = {
  name: 'the agent',
  harness: agentHarness,
  lans: true,
  foreign: 'fixed',
  brief: {},
};

export const openwrt: Gateway = {
  name: 'OpenWrt',
  harness: openwrtHarness,
  lans: true,
  foreign: 'changeable',
  brief: BRIEF,
};

/** Over the loopback nobody can tell on which LAN the router is. */
export const upnp: Gateway = {
  name: 'UPnP',
  harness: upnpHarness(igd2),
  lans: false,
  foreign: 'changeable',
  brief: BRIEF,
};

/** Every kind of gateway there is, one line each. */
export const gateways: readonly Gateway[] = [agent, openwrt, upnp];

export function surroundingsOf({ harness: { network, capabilities } }: Gateway): Surroundings {
  return { ...network, someone: capabilities.entry.sourceHosts ? '203.0.113.7' : '203.0.113.0/24' };
}
