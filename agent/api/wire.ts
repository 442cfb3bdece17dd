import type { ErrorCode } from '../../provider/rule/error';
import type { Forward } from '../../provider/rule/rule';

/*
 * What crosses the socket, as types. GET /v1/status, GET /v1/entries, GET /v1/counters, POST /v1/batch.
 * Every reply is JSON; every reply but 2xx is an ErrorReply.
 */

export interface ProblemWire {
  readonly code: string;
  /** True when no forward can work until it is mended. */
  readonly fatal: boolean;
  readonly message: string;
  readonly hint: string;
}

export interface StatusReply {
  readonly api: number;
  readonly product: string;
  readonly version: string;
  /** Made once, kept in the state directory: the `device` of this gateway. */
  readonly agentId: string;
  /** `memory` moves no packets: practice only. */
  readonly kernel: 'nftables' | 'memory';
  /** `damaged`: the state file could not be trusted, so there are no forwards and nothing is overwritten. */
  readonly state: 'ok' | 'damaged';
  readonly generation: string;
  readonly entries: {
    readonly wanted: number;
    readonly disabled: number;
    /** Entries that the kernel has otherwise than wanted, or not at all, at the last look. */
    readonly drifted: number;
  };
  readonly limits: { readonly rules: number; readonly body: number };
  readonly wans: readonly WanWire[];
  readonly lans: readonly string[];
  /** The gateway's own addresses, WANs' and LANs'; empty where an older agent does not tell them. */
  readonly addresses: readonly string[];
  readonly ipForward: { readonly v4: boolean; readonly v6: boolean };
  readonly nft: string;
  readonly listeners: readonly ListenerWire[];
  readonly management: readonly {
    readonly protocol: 'tcp' | 'udp';
    readonly port: number;
    readonly service: string;
  }[];
  /** Times that a foreign flush was mended since the agent started. */
  readonly healed: { readonly count: number; readonly last: string | null };
  /** Kept generations, newest first: what `restore --generation` accepts. */
  readonly generations: readonly GenerationWire[];
  readonly problems: readonly ProblemWire[];
}

export interface WanWire {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** A local socket that a forward from the WAN would capture. */
export interface ListenerWire {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
}

export interface GenerationWire {
  readonly number: number;
  /** ISO time at which it became current. */
  readonly at: string;
  readonly entries: number;
}

export interface EntriesReply {
  /** The same as the ETag: the generation of the wanted state, for If-Match. */
  readonly generation: string;
  readonly entries: readonly EntryWire[];
}

export interface EntryWire {
  /** Of ours the tag; of a foreign one what nft calls it. */
  readonly handle: string;
  readonly tag: string | null;
  readonly id: string | null;
  readonly forward: Forward;
  readonly restriction: string | null;
  readonly label: string;
  readonly changeable: boolean;
  readonly blocked: BlockedWire | null;
  /** Properties that somebody changed by hand, of those that the tag says nothing of. Absent = none. */
  readonly changed?: readonly string[];
}

/** Why packets do not arrive though we let them in, with the line that lets them through. */
export interface BlockedWire {
  readonly message: string;
  readonly hint: string;
}

export interface WantedWire {
  readonly tag: string;
  readonly id: string;
  readonly forward: Forward;
}

export type ChangeWire =
  | { readonly op: 'add'; readonly wanted: WantedWire }
  /** Same tag, other content: metadata, or the repair of what somebody changed by hand. */
  | { readonly op: 'edit'; readonly handle: string; readonly wanted: WantedWire }
  | { readonly op: 'remove'; readonly handle: string };

export interface BatchRequest {
  readonly changes: readonly ChangeWire[];
}

export interface BatchReply {
  readonly generation: string;
  /** One handle per change; null for a removal. */
  readonly handles: readonly (string | null)[];
}

export interface CountersReply {
  /** Changes when the kernel began anew; within it the counters only grow. */
  readonly epoch: string;
  readonly byTag: Readonly<Record<string, CountersWire>>;
}

export interface CountersWire {
  readonly connections: number;
  readonly denied: number;
}

export interface ErrorReply {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  /** The change at fault, counted from 0; nothing of the batch was done. */
  readonly index?: number;
  readonly property?: string;
}
