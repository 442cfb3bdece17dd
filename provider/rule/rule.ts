import type { PropertyName } from './property';

/** Stands for a value that is not known yet (Pulumi preview, Terraform plan). It passes every check. */
export const UNKNOWN: unique symbol = Symbol.for('portforward.unknown');
export type Unknown = typeof UNKNOWN;

/** A transport protocol with ports. The normal form is a set of these, so GRE, ESP and SCTP can come later. */
export type Protocol = 'tcp' | 'udp';

/** A rule as its user spells it. Every property is described in properties.ts, the single source. */
export interface RuleInputs {
  readonly name: string;
  readonly enabled?: boolean;
  readonly protocol?: 'tcp' | 'udp' | 'tcp+udp';
  readonly externalPort: number | string;
  readonly wan?: string;
  readonly internalAddress: string;
  readonly internalPort?: number | string;
  readonly sources?: readonly string[];
  readonly hairpin?: boolean;
  readonly log?: boolean;
  readonly description?: string;
  readonly adopt?: string;
  readonly lease?: number;
  readonly allowManagementPorts?: number | string;
}

/** The same while some values may still be unknown, or wrong: what check receives. */
export type LooseInputs = Readonly<Record<string, unknown>>;

/** External ports `from`..`to` go to internal ports `target`..`target + (to - from)`. All 1-65535. */
export interface PortSpan {
  readonly from: number;
  readonly to: number;
  readonly target: number;
}

/** One protocol and its ports; spans are sorted by `from`, disjoint, and merged where both sides continue. */
export interface Traffic {
  readonly protocol: Protocol;
  readonly ports: readonly PortSpan[];
}

/** Where packets go. A host with an IPv6 address is a pinhole: no translation. `gateway` is IPv4. */
export type Target =
  | { readonly kind: 'host'; readonly family: 4 | 6; readonly address: string }
  | { readonly kind: 'gateway' };

/** What a rule, or one entry of a gateway's table, does: the normal form. Two that mean the same are deep-equal. */
export interface Forward {
  readonly enabled: boolean;
  /** Sorted by protocol, each at most once. */
  readonly traffic: readonly Traffic[];
  /** Interface name or public address; null = every WAN. */
  readonly wan: string | null;
  readonly target: Target;
  /** The fewest CIDRs that cover the same addresses, sorted; null = everyone. */
  readonly sources: readonly string[] | null;
  /** null = the gateway's own habit (wanted) or not told (live). */
  readonly hairpin: boolean | null;
  readonly log: boolean;
  readonly description: string;
  /**
   * Only on what `fold` returns: what the entries of one rule say where they disagree, by property, in words.
   * No rule means such a thing, so it is always drift; the field itself then holds what the first entry says.
   */
  readonly mixed?: { readonly [P in PropertyName]?: string };
}

/** A checked rule in normal form: what the session works with. */
export interface Rule {
  readonly name: string;
  readonly forward: Forward;
  /** Natural key or handle of one foreign entry to take over while creating. */
  readonly adopt: string | null;
  /** Seconds; for gateways whose mappings expire. */
  readonly lease: number | null;
  /** External ports that may be forwarded away although the gateway is managed through them. */
  readonly allowManagementPorts: readonly number[];
}

/** One complaint about one property: what was given, what is accepted and, where likely, what was meant. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}
