import type { PropertyName } from './properties';

/** What a gateway can do, as data: checks refuse the rest by name, `expand` cuts a rule into entries by it. */
export interface Capabilities {
  /** How much of a rule fits into one entry. */
  readonly entry: {
    readonly protocols: 'one' | 'both';
    /** `single` = one port, `range` = one range, `list` = any list of ranges. */
    readonly ports: 'single' | 'range' | 'list';
    /** Whether a range may go to other port numbers in one entry. */
    readonly shift: boolean;
    /** Largest number of source CIDRs in one entry; 0 = cannot restrict at all. */
    readonly sources: number;
    /** True where a source must be one IPv4 address, no network. Default false. */
    readonly sourceHosts?: boolean;
  };
  /** Address families of targets. 6 = pinholes. */
  readonly families: readonly (4 | 6)[];
  /** Whether `internalAddress: "gateway"` is possible. */
  readonly gatewayTarget: boolean;
  /** Optional properties that the gateway can honour; the table in properties.ts says which are optional. */
  readonly properties: ReadonlySet<PropertyName>;
  /** Whether two entries for one port may stand side by side while a rule changes; false = the protocol and port are the device's key. */
  readonly overlap: boolean;
  /** True when a batch is applied whole or not at all. */
  readonly atomic: boolean;
  /** False where an entry belongs to one WAN, so that a rule must name it as soon as there are several. Default true. */
  readonly everyWan?: boolean;
  /** Seconds; null = mappings do not expire. */
  readonly lease: { readonly min: number; readonly max: number } | null;
}
