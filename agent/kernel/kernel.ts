import type { Forward } from '../../provider/rule/rule';
import type { BlockedWire, CountersWire, ListenerWire, ProblemWire, WanWire } from '../api/wire';

/**
 * The seam between the daemon and what moves the packets. Two live behind it: nftables (nft.ts and its neighbours)
 * and a table in memory for machines without namespaces. All policy (state file, generations, API) is above it.
 */
export interface Kernel {
  /** What this machine can do and what stands in the way, read now. */
  facts(): Promise<Facts>;
  /** Decodes what the kernel really holds: our entries, and every foreign forward. Never from memory or file. */
  read(): Promise<KernelTable>;
  /** Makes our table hold exactly `entries`, whole, keeping counters where it can. For start, healing and repair. */
  restore(entries: readonly KernelEntry[]): Promise<void>;
  /**
   * One transaction to `after`, all or nothing; entries in neither difference keep their counters and connections. `before` is
   * what we believe to be there: where somebody changed the kernel by hand, it plans once more from what really is there.
   * A tag of `before` that the kernel lost is no error. `rewrite` = tags to write afresh even if equal. Then cuts the flows that
   * `before` as a whole let through and `after` as a whole would not send to the same place, and untranslated UDP flows to
   * newly forwarded ports. `meanwhile` is begun at some time before the first change and awaited there: where it rejects,
   * nothing is changed. It may be called again. Throws PortforwardError `refused` with nft's words.
   */
  apply(
    before: readonly KernelEntry[],
    after: readonly KernelEntry[],
    rewrite: ReadonlySet<string>,
    meanwhile?: () => Promise<void>,
  ): Promise<void>;
  /** Connections and denials by tag. Monotonic within `epoch`, which changes when the kernel began anew. */
  counters(): Promise<{ readonly epoch: string; readonly byTag: ReadonlyMap<string, CountersWire> }>;
  /** Calls back after somebody else changed the ruleset or an address changed; returns how to stop. */
  watch(onChange: (what: 'ruleset' | 'addresses') => void): Promise<() => Promise<void>>;
  /** Ends helper processes. The table stays in the kernel. */
  close(): Promise<void>;
}

/**
 * One enabled entry of ours. Its chain in the kernel is named by its tag, and its description is no matter of the kernel:
 * no user text gets into the ruleset.
 */
export interface KernelEntry {
  readonly tag: string;
  readonly forward: Forward;
}

export interface KernelTable {
  /** False when our table or its base chains are gone or are not as we write them: a foreign flush. */
  readonly intact: boolean;
  readonly ours: readonly LiveEntry[];
  readonly foreign: readonly ForeignForward[];
}

/** An entry of ours as the kernel has it; `forward.description` is always empty here. */
export interface LiveEntry extends KernelEntry {
  /** What somebody added by hand that our words cannot express; null = nothing. */
  readonly restriction: string | null;
  /** Why a forwarded packet does not arrive: another table's policy or rule, with the line that lets ours through. */
  readonly blocked: BlockedWire | null;
}

/** A dnat or redirect that is not ours. */
export interface ForeignForward {
  /** `<family> <table> <chain> <nft handle>`. */
  readonly handle: string;
  readonly forward: Forward;
  readonly restriction: string | null;
  readonly label: string;
}

export interface Facts {
  readonly wans: readonly WanWire[];
  /** Prefixes reachable directly on interfaces that are not WANs. */
  readonly lans: readonly string[];
  /** Every address of this machine but the loopback's, canonical. */
  readonly own: readonly string[];
  readonly ipForward: { readonly v4: boolean; readonly v6: boolean };
  /** nft's version, or why there is none. */
  readonly nft: string;
  /** Local sockets that a forward from the WAN would capture. */
  readonly listeners: readonly ListenerWire[];
  /** What is wrong, worst first; each with the next step. Empty = fine. */
  readonly problems: readonly ProblemWire[];
}
