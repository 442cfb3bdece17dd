import type { SimulatorClock } from '../clock';
import type { SimulatedConnection } from './connection';
import type { Habits } from './habits';

/** What a gateway calls itself. */
export interface IgdIdentity {
  /** `uuid:` and a UUID. */
  readonly udn: string;
  readonly friendlyName: string;
  readonly manufacturer: string;
  readonly modelName: string;
  readonly modelNumber: string;
  readonly serialNumber: string;
  /** The SERVER header of its answers. */
  readonly server: string;
}

export interface IgdOptions {
  /** Default: `igd2` of habits.ts. */
  readonly habits?: Partial<Habits>;
  readonly identity?: Partial<IgdIdentity>;
  /** Ways to the internet, in the order of the description. Default: one. */
  readonly connections?: readonly SimulatedConnection[];
  /** Whether it has WANIPv6FirewallControl. Default false. */
  readonly pinholes?: boolean;
  readonly clock?: SimulatorClock;
}

export interface ListenOptions {
  /** 0 = any free one. Default 0. */
  readonly port?: number;
  /** Addresses to listen on. Default 127.0.0.1. The first is the one that the description's URL names. */
  readonly hosts?: readonly string[];
  /** Answers searches. Default: it does not. */
  readonly ssdp?: SsdpOptions;
}

export interface SsdpOptions {
  /** UDP port. Default 1900. 0 = any free one, for searches by unicast. */
  readonly port?: number;
  /** Address to listen on. Default: every one. */
  readonly address?: string;
  /** The own address on the network where multicast searches are heard. Default: none are. */
  readonly multicastOn?: string;
}

export const usualIdentity: IgdIdentity = {
  udn: 'uuid:5d1a2b3c-0001-4000-8000-0123456789a0',
  friendlyName: 'Practice gateway',
  manufacturer: 'portforward',
  modelName: 'Simulated Internet gateway',
  modelNumber: '1',
  serialNumber: '00000001',
  server: 'Linux/6.1 UPnP/1.1 SimulatedGateway/1',
};
