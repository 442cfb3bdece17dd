import { agentHarness } from '../../contract/agent-harness';
import type { Harness } from '../../contract/harness';
import { openwrtHarness } from '../../contract/openwrt-harness';
import type { DoorName, Need, Surroundings } from './case';

/** A kind of gateway on which the table is played; its harness tells the doors how it is reached. */
export interface Gateway {
  readonly name: string;
  readonly harness: Harness;
  /** Whether entries of other programs can become ours. */
  readonly foreign: 'changeable' | 'fixed';
  /** Doors that show nothing more here than on the gateways before, and why. */
  readonly without?: { readonly [D in DoorName]?: string };
}

const SAME_ENGINE = { pulumi: 'the engine does the same for every kind of gateway, in seconds a command' };

/** Every kind of gateway there is, one line each. */
export const gateways: readonly Gateway[] = [
  { name: 'the agent', harness: agentHarness, foreign: 'fixed' },
  { name: 'OpenWrt', harness: openwrtHarness, foreign: 'changeable', without: SAME_ENGINE },
];

export function surroundingsOf({ harness: { network } }: Gateway): Surroundings {
  return network;
}

export function can({ harness, foreign }: Gateway, need: Need): boolean {
  if (need === 'IPv6') return harness.network.host6 !== null;
  if (need === 'changeable foreign') return foreign === 'changeable';
  if (need === 'fixed foreign') return foreign === 'fixed';
  if (need === 'tamper') return harness.hooks.has('tamper') && harness.hooks.has('vanish');
  if (need === 'hold') return harness.faults.has('hold');
  if (need === 'wan' && harness.network.wan === null) return false;
  return harness.capabilities.properties.has(need);
}
