import type { SimulatedInterface } from '../network/interfaces';
import type { Defaults } from './defaults';
import type { Entry } from './entry';
import { type Networks, parseSubnets, type Subnet } from './subnet';
import type { Zone } from './zone';

/** A logical network as fw4 learns it over ubus. */
export interface Network {
  /** The device that carries IP, where it is up. */
  readonly device: string | null;
  readonly zone: string | null;
  readonly subnets: readonly Subnet[];
}

/** What fw4 has gathered while it goes through the configuration, from the top to the bottom. */
export interface FirewallState {
  readonly networks: ReadonlyMap<string, Network>;
  readonly subnets: Networks;
  readonly defaults: Defaults;
  readonly zones: readonly Zone[];
  readonly sets: ReadonlyMap<string, IpSet>;
  readonly entries: Entry[];
  readonly warn: (words: string) => void;
}

/** A named set: the type of each field, and which side of a packet it is compared with. */
export interface IpSet {
  readonly name: string;
  readonly family: 0 | 4 | 6;
  readonly fields: readonly { readonly type: string; readonly direction: 'src' | 'dst' }[];
}

export function networksOf(interfaces: readonly SimulatedInterface[]): ReadonlyMap<string, Network> {
  return new Map(
    interfaces.map(({ name, device, zone = null, up = true, addresses = [], assigned = [] }) => [
      name,
      {
        device,
        zone,
        subnets: up ? [...addresses, ...assigned].flatMap((text) => parseSubnets(text, new Map()) ?? []) : [],
      },
    ]),
  );
}
