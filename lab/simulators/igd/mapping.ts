export type MappingProtocol = 'TCP' | 'UDP';

/** One row of the table, in the device's own words. */
export interface Mapping {
  readonly protocol: MappingProtocol;
  readonly externalPort: number;
  /** One IPv4 address, or empty for everybody. */
  readonly remoteHost: string;
  readonly internalClient: string;
  readonly internalPort: number;
  readonly enabled: boolean;
  readonly description: string;
  /** The one address that gets through although the table tells of none. */
  readonly onlyFrom?: string;
  /** When it ends, in milliseconds of the device's clock; null = never. */
  readonly expires: number | null;
}

export type MappingKey = Pick<Mapping, 'protocol' | 'externalPort' | 'remoteHost'>;

/** `tcp:443@*`, or with the remote host in place of the star. */
export function keyOf({ protocol, externalPort, remoteHost }: MappingKey): string {
  return `${protocol.toLowerCase()}:${externalPort}@${remoteHost || '*'}`;
}

/** Seconds that it still lives, rounded up as clocks of whole seconds do; 0 = for ever. */
export function leaseLeft({ expires }: Mapping, now: number): number {
  return expires === null ? 0 : Math.max(1, Math.ceil((expires - now) / 1000));
}
