import type { Arguments } from '../arguments';
import type { Connection } from '../connection';
import type { Habits } from '../habits';
import type { Pinholes } from '../pinholes';
import type { SoapResult } from '../soap';

/** Where an action is asked for, and by whom. */
export interface Asked {
  readonly args: Arguments;
  readonly habits: Habits;
  /** The address that asks, as the router sees it. */
  readonly asker: string;
  /** Milliseconds of the router's clock. */
  readonly now: number;
}

export interface ConnectionAsked extends Asked {
  readonly connection: Connection;
}

export interface FirewallAsked extends Asked {
  readonly pinholes: Pinholes;
}

/** Carries it out, or throws an UpnpFault and changes nothing. */
export type Action<A extends Asked> = (asked: A) => SoapResult;
