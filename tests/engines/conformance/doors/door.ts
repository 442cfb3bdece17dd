import type { Missing } from '../../../support/needs';
import type { Changes, DoorName, Place, Program, Surroundings } from '../case';

/** How a run, or a plan, ended: null = well; text = everything that it said. */
export type Ended = string | null;

export type Planned = { readonly changes: Changes } | { readonly refused: string };

/** A user's project behind one front door, with a state of its own. */
export interface Project {
  /** The program from now on. */
  declare(program: Program, place: Place): void;
  /** Plans as an engine does: what the gateway says is taken into account. Late values are unknown until the next `apply`. */
  plan(): Promise<Planned>;
  apply(): Promise<Ended>;
  destroy(): Promise<Ended>;
  import(address: string, id: string): Promise<Ended>;
  /**
   * Applies; when `reached` resolves, the user interrupts, or the provider is killed, and `release` lets the gateway go on.
   * Resolves when nothing runs any more.
   */
  interrupted(
    how: 'cancelled' | 'killed',
    reached: Promise<void>,
    release: () => Promise<void>,
  ): Promise<void>;
  close(): Promise<void>;
}

export interface Door {
  readonly name: DoorName;
  /** Why this machine has not got it, or null. */
  readonly missing: Missing;
  /** A new project; `devices` = by which arguments, with `kind`, its gateways are reached. */
  open(
    devices: readonly Readonly<Record<string, unknown>>[],
    surroundings: Surroundings,
    /** Whether the provider has to be a process of its own, which can be killed. */
    killed: boolean,
  ): Promise<Project>;
  /** How programs of this door write the name of a property. */
  spell(property: string): string;
  /** What is kept from project to project goes. */
  close?(): Promise<void>;
}
