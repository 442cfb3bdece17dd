import type { Backend } from '../../provider/backends/backend';
import type { Capabilities } from '../../provider/rule/capabilities';
import type { Forward } from '../../provider/rule/rule';

/**
 * What the contract suite needs of a kind of gateway. One harness per kind (and per variant of its capabilities);
 * every test starts a device of its own and ends it.
 */
export interface Harness {
  /** What its devices can do; tests of the rest are not written for it. */
  readonly capabilities: Capabilities;
  /** Whether its table has a generation. */
  readonly generations: boolean;
  /** Whether it has commit-confirm: changes are taken back unless they are confirmed. */
  readonly trials: boolean;
  /** Whether an entry has room for the readable id, as long as `project/stack/name-of-a-rule`. */
  readonly ids: boolean;
  /** Two hosts inside, one more with IPv6, and the name of a WAN; null where there is none. */
  readonly network: {
    readonly hosts: readonly [string, string];
    readonly host6: string | null;
    readonly wan: string | null;
  };
  /** A port that the management guard protects; null where a test cannot know one. */
  readonly managementPort: number | null;
  /** The faults that this harness can inject; tests of the others are left out by name. */
  readonly faults: ReadonlySet<Fault['kind']>;
  /** Which hooks below work; tests that need a missing one are left out by name. */
  readonly hooks: ReadonlySet<Hook>;
  /** A fresh device with an empty table. */
  start(): Promise<Device>;
}

/**
 * `foreign`: addForeign works · `unchangeable`: also for an entry that the device lets nobody change · `restriction`: an entry can carry one (`tamper`, `addForeign`) · `tamper`: an entry can be
 * changed behind our back · `vanish`: and removed · `copy`: an entry can be cloned with its tag · `crash`: addOurs works ·
 * `restart`, `replace`: work · `log`: operations are told, with their transaction · `trial-end`: trialEnds works.
 */
export type Hook =
  | 'foreign'
  | 'unchangeable'
  | 'restriction'
  | 'tamper'
  | 'vanish'
  | 'copy'
  | 'crash'
  | 'restart'
  | 'replace'
  | 'log'
  | 'trial-end';

export interface Device {
  /** As it goes into a rule's state. */
  readonly endpoint: string;
  /** A client of its own, as another process would have: own connection, own login. Called often. */
  connect(): Backend;
  /** The arguments, with `kind`, by which a front door reaches it. Absent where only this process can. */
  readonly reachedBy?: Readonly<Record<string, unknown>>;
  /** The raw table, read without our client; foreign entries are compared by `text`, byte for byte. */
  snapshot(): Promise<readonly RawEntry[]>;
  /** Puts in an entry that is not ours; answers its handle. */
  addForeign(
    forward: Forward,
    extra?: { readonly restriction?: string; readonly changeable?: boolean },
  ): Promise<string>;
  /** Puts in an entry under a tag of ours, as a process that crashed afterwards left it; answers its handle. */
  addOurs(tag: string, id: string, forward: Forward): Promise<string>;
  /** Changes an entry behind our back; it keeps its handle and its tag. */
  tamper(handle: string, change: Partial<Forward> & { readonly restriction?: string }): Promise<void>;
  /** Removes an entry behind our back. */
  vanish(handle: string): Promise<void>;
  /** Clones an entry with its tag, changed; answers the clone's handle. */
  copy(handle: string, change: Partial<Forward>): Promise<string>;
  /** What was done to the table through our clients, oldest first. Operations of one transaction share its number. */
  log(): readonly Operation[];
  /** How often our clients asked, since the start. */
  counts(): Counts;
  /** From now on the device misbehaves; the answer lifts the fault. */
  inject(fault: Fault): Promise<() => Promise<void>>;
  /** Off and on again; permanent entries survive, logins do not. */
  restart(): Promise<void>;
  /** Another device, empty, with another identity, answers at the same endpoint. */
  replace(): Promise<void>;
  /** The device's own time for confirming is over: what is on trial is taken back. */
  trialEnds(): Promise<void>;
  stop(): Promise<void>;
}

export interface RawEntry {
  readonly handle: string;
  readonly tag: string | null;
  /** Everything that the device keeps of the entry and that our writes could change, as text. No counters. */
  readonly text: string;
}

export interface Operation {
  readonly op: 'add' | 'edit' | 'remove';
  readonly tag: string | null;
  readonly handle: string;
  readonly transaction: number;
  /** Whether it was on trial at first. */
  readonly trial: boolean;
}

export interface Counts {
  readonly logins: number;
  readonly lists: number;
  /** Batches sent, refused ones too. */
  readonly applies: number;
}

/** Each lasts until lifted, unless it says `next`. */
export type Fault =
  /** Changes that add or edit an entry with this external port are refused with these words. */
  | { readonly kind: 'refuse'; readonly port: number; readonly message: string }
  /** The next apply is carried out, but no answer arrives (`timeout`). */
  | { readonly kind: 'lost-answer' }
  /** The next apply is not carried out, and no answer arrives (`timeout`). */
  | { readonly kind: 'lost-request' }
  /** Every apply is answered with success and changes nothing. */
  | { readonly kind: 'unchanged' }
  /** Sources are dropped without a word: everyone may connect. */
  | { readonly kind: 'ignore-sources' }
  /** Logins are refused (`credential`). */
  | { readonly kind: 'credential' }
  /** The logins held so far are void; a new login works. */
  | { readonly kind: 'expired-login' }
  /** No answer comes until lifted; an aborted signal ends the wait. */
  | { readonly kind: 'hang' }
  /** The next apply stops half way, which `reached` is told, and is carried out when lifted, whoever still waits for it. */
  | { readonly kind: 'hold'; readonly reached: () => void }
  /** Nothing answers (`unreachable`). */
  | { readonly kind: 'unreachable' }
  /** While an entry has this external port, no new connection reaches the device; those that are open live on. */
  | { readonly kind: 'cut-way'; readonly port: number }
  /** The next confirmation comes when the device has taken the changes back already. */
  | { readonly kind: 'late-confirm' }
  /** The next confirmation does not reach the device (`unreachable`). */
  | { readonly kind: 'unheard-confirm' }
  /** Entries with this external port are reported as blocked, with this hint. */
  | { readonly kind: 'blocked'; readonly port: number; readonly hint: string };
