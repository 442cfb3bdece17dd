import type { Capabilities } from '../rule/capabilities';
import type { Forward, Protocol } from '../rule/rule';

/**
 * What a kind of gateway must be able to do: five methods, no policy. Ownership, conflicts, batches, verification
 * and retries live in provider/session alone. Every method takes an AbortSignal, and throws PortforwardError:
 * `unreachable` (nothing was sent or nothing is there), `timeout` (it may have happened), `credential`, `denied`,
 * `stale`, `refused`, `version`.
 */
export interface Backend {
  /** Logs in if needed, and tells what the device is. Called once per session, again after `close`. */
  open(signal: AbortSignal): Promise<GatewayInfo>;
  /** One look: the whole table, ours and foreign. `recorded` = handles the rules kept, for devices that cannot list. */
  list(recorded: readonly string[], signal: AbortSignal): Promise<Table>;
  /**
   * Applies the changes in their order. Resolves with one result per change; where `capabilities.atomic` is true
   * either all are done or none (a refused one carries the device's words, the others are `skipped`).
   * Throws `stale` when the table is no longer at `generation`.
   */
  apply(changes: readonly Change[], options: ApplyOptions): Promise<readonly ChangeResult[]>;
  /** The public addresses, where the device knows them. */
  publicAddress?(signal: AbortSignal): Promise<readonly string[]>;
  /** Counters by handle, where the device keeps them. */
  counters?(signal: AbortSignal): Promise<ReadonlyMap<string, Counters>>;
  /** Logs out. Safe to call twice. */
  close(): Promise<void>;
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
  /** Ports at which a forward from the WAN would capture the way by which this device is managed. */
  readonly management: readonly ManagementPort[];
  /** What is wrong with the device as a whole, worst first (ip_forward off, state damaged …). Empty = fine. */
  readonly problems: readonly Problem[];
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
  readonly message: string;
  readonly hint: string;
}

/** One reading of the gateway's whole table. */
export interface Table {
  /** Changes whenever the table does; null where the device has no such thing. */
  readonly generation: string | null;
  readonly entries: readonly Entry[];
}

/** One object in the gateway's table, in our words. */
export interface Entry {
  /** The device's own id of it. */
  readonly handle: string;
  /** Our tag as found on the device (pf1_…), whatever its content; null = foreign. */
  readonly tag: string | null;
  /** The readable id beside the tag, where the device had room for it. */
  readonly id: string | null;
  readonly forward: Forward;
  /** A restriction that no rule of ours can express (schedule, negation, alias), in words; null = none. */
  readonly restriction: string | null;
  /** False when the entry expires or is lost at a restart. */
  readonly permanent: boolean;
  /** How a person finds it on the device: `dnat in table ip nat, chain PREROUTING`. */
  readonly label: string;
  /** False when the device itself would never let us change it (static, from another program). Default true. */
  readonly changeable: boolean;
  /** Why packets that match do not arrive (a firewall in front), with the remedy in `hint`; null = open or not known. */
  readonly blocked: { readonly message: string; readonly hint: string } | null;
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
  /** In place, same handle: metadata of ours, or a foreign entry that is adopted. `before` = what the look showed. */
  | { readonly op: 'edit'; readonly before: Entry; readonly wanted: WantedEntry }
  | { readonly op: 'remove'; readonly before: Entry };

export interface ApplyOptions {
  /** The generation of the look that this batch was planned on; null = the device has none. */
  readonly generation: string | null;
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
