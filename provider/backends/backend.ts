import type { Capabilities } from '../rule/capabilities';
import type { Forward, Protocol } from '../rule/rule';

/**
 * What a kind of gateway must be able to do: five methods, no policy. Ownership, conflicts, batches, verification
 * and retries live in provider/session alone. Every method takes an AbortSignal, and throws PortforwardError:
 * `unreachable` (nothing was sent or nothing is there), `timeout` (it may have happened), `credential`, `denied`,
 * `stale`, `refused`, `version`, `cancelled` (like `timeout`: it may have happened). A connection lost after the request was
 * sent is `timeout`, never `unreachable`; a backend never sends `apply` twice.
 */
export interface Backend {
  /** Logs in if needed, and tells what the device is. Called once per session, again after `close`. */
  open(signal: AbortSignal): Promise<GatewayInfo>;
  /**
   * One look: the whole table, ours and foreign. `recorded` = handles the rules kept, for devices that cannot list.
   * Throws rather than answer an empty table that is not known to be the truth (state damaged, not yet restored). Shows what
   * we put on trial; while changes of another login are on trial, `list` and `apply` wait for their end.
   */
  list(recorded: readonly string[], signal: AbortSignal): Promise<Table>;
  /**
   * Applies the changes in their order. Resolves with one result per change. Where `capabilities.atomic` is true either
   * all are done or none (a refused one carries the device's words, the others are `skipped`), order means nothing and only
   * the final table counts: entries may overlap halfway, never at the end. Where the bad change cannot be named it throws
   * `refused`. Removing what is gone is `done`. Devices keyed by port compare what is there with `before` first.
   * Throws `stale` when the table is no longer at `generation`.
   */
  apply(changes: readonly Change[], options: ApplyOptions): Promise<readonly ChangeResult[]>;
  /** Present where the device has commit-confirm. Only such a device is sent trials. */
  readonly trials?: Trials;
  /** The public addresses, where the device knows them. */
  publicAddress?(signal: AbortSignal): Promise<readonly string[]>;
  /** Counters by handle, where the device keeps them. */
  counters?(signal: AbortSignal): Promise<ReadonlyMap<string, Counters>>;
  /** Logs out, taking back what is still on trial. Safe to call twice. */
  close(): Promise<void>;
}

/** Commit-confirm: the device takes changes back by itself unless they are confirmed. */
export interface Trials {
  /** After so many seconds at most the device takes back what nobody has confirmed. */
  readonly seconds: number;
  /**
   * Makes what `apply` left on trial stay. Comes over a new connection, since one that was open before a change outlives a
   * change that cuts our way, but under the same login. `nothing` = nothing of ours is on trial (any more), `lost` = the login
   * that made the change is gone, and nobody else can confirm it.
   */
  confirm(signal: AbortSignal): Promise<'confirmed' | 'nothing' | 'lost'>;
  /** Takes back at once what is on trial: it came to nothing. `nothing` = nothing is left of it, `lost` as for `confirm`. */
  rollback(signal: AbortSignal): Promise<'nothing' | 'lost'>;
}

export interface GatewayInfo {
  /** What the device calls itself and its version, for messages: `portforward-agent 0.1.0`. */
  readonly product: string;
  /** The identity that the device tells (agent id, UDN, serial), or null. */
  readonly device: string | null;
  readonly capabilities: Capabilities;
  /** Names of WAN interfaces and their addresses; null = not told. */
  readonly wans: readonly { readonly name: string; readonly addresses: readonly string[] }[] | null;
  /** Prefixes (CIDR) that targets may lie in; null = not told. */
  readonly lans: readonly string[] | null;
  /** The device's own addresses, outside and inside: a target among them is refused. Default: not told. */
  readonly addresses?: readonly string[];
  /** Ports at which a forward from the WAN would capture the way by which this device is managed. */
  readonly management: readonly ManagementPort[];
  /** What is wrong with the device as a whole, worst first (ip_forward off, state damaged …). Empty = fine. */
  readonly problems: readonly Problem[];
  /** Milliseconds that one reading or changing of its table may take, where that is more than the user's time limit. */
  readonly patience?: number;
  /** What the user should know of a rule that is not refused, as warnings. Pure. Default: nothing. */
  readonly advice?: (forward: Forward) => readonly Problem[];
}

export interface ManagementPort {
  readonly protocol: Protocol;
  readonly port: number;
  /** What listens there, for the message: `SSH`. */
  readonly service: string;
}

export interface Problem {
  /** Stable word to match on, such as `ip-forward-off`. */
  readonly code: string;
  /** True when no forward can work until it is mended: create and update refuse. False = a warning. */
  readonly fatal: boolean;
  readonly message: string;
  readonly hint: string;
}

/** One reading of the gateway's whole table. */
export interface Table {
  /** Changes with every applied batch, by whomever; null where the device has no such thing. Healing does not change it. */
  readonly generation: string | null;
  readonly entries: readonly Entry[];
  /** False where entries may exist that the device shows only when asked for by handle. Default true. */
  readonly complete?: boolean;
}

/** One object in the gateway's table, in our words. */
export interface Entry {
  /** The device's own id of it. */
  readonly handle: string;
  /** Our tag as found on the device (pf1_…), whatever its content; null = foreign. */
  readonly tag: string | null;
  /** The readable id beside the tag, where the device had room for it; trusted only if it hashes to the tag. */
  readonly id: string | null;
  readonly forward: Forward;
  /** A restriction that no rule of ours can express (schedule, negation, alias), in words; null = none. */
  readonly restriction: string | null;
  /** False when the entry expires or is lost at a restart. */
  readonly permanent: boolean;
  /** Seconds that it still lives, as of this look; null = it does not expire, or the device does not tell. */
  readonly expires: number | null;
  /** How a person finds it on the device: `dnat in table ip nat, chain PREROUTING`. */
  readonly label: string;
  /** False when the device itself would never let us change it (static, from another program). Default true. */
  readonly changeable: boolean;
  /** Why packets that match do not arrive (a firewall in front), with the remedy in `hint`; null = open or not known. */
  readonly blocked: { readonly message: string; readonly hint: string } | null;
  /** Properties that the tag says nothing of and that the device knows to be otherwise than we asked. Default: not told. */
  readonly changed?: readonly string[];
}

/** What an entry of ours shall be. */
export interface WantedEntry {
  readonly tag: string;
  /** `<owner>/<name>`, for devices with room for a readable mark. */
  readonly id: string;
  readonly forward: Forward;
  /** Seconds, for gateways whose mappings expire. */
  readonly lease: number | null;
}

export type Change =
  | { readonly op: 'add'; readonly wanted: WantedEntry }
  /**
   * In place: metadata of ours, a foreign entry that is adopted, or new content where the device cannot hold old and new side
   * by side. `before` = what the look showed; `done.handle` tells a handle that changed with it.
   */
  | { readonly op: 'edit'; readonly before: Entry; readonly wanted: WantedEntry }
  | { readonly op: 'remove'; readonly before: Entry };

export interface ApplyOptions {
  /** The generation of the look that this batch was planned on; null = the device has none. */
  readonly generation: string | null;
  /**
   * True = the changes are taken back by the device unless `trials.confirm` follows. False = they are final when `apply` resolves,
   * as removals must be: what comes back by itself opens a port again. Default false.
   */
  readonly trial?: boolean;
  readonly signal: AbortSignal;
}

export type ChangeResult =
  | { readonly status: 'done'; readonly handle: string | null }
  | { readonly status: 'refused'; readonly message: string; readonly hint?: string }
  | { readonly status: 'skipped' };

export interface Counters {
  /** Connections that the entry admitted. */
  readonly connections: number;
  /** Connection attempts turned away because of `sources`. */
  readonly denied: number;
}
