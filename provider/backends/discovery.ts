/** What was found by looking around in the networks of this machine. */
export interface Discovery {
  readonly gateways: readonly FoundGateway[];
  /** Where it was asked, in words: `eth0 (192.168.1.5)`. */
  readonly asked: readonly string[];
  /** What answered and could not be used, in words. */
  readonly complaints: readonly string[];
}

/** A gateway that was found, and what it says it can do. Scripts read this: fields are added, never renamed. */
export interface FoundGateway {
  readonly kind: string;
  /** What it calls itself: model and protocol version. */
  readonly product: string;
  /** The identity that it tells, as states record it; null where it tells none. */
  readonly device: string | null;
  /** Where it was found now; a port in it may change when the gateway restarts. */
  readonly url: string;
  /** Its address on the internet; null with the reason in `unreachable`. */
  readonly publicAddress: string | null;
  /** Why nobody on the internet reaches it over IPv4; null = nothing is known against it. */
  readonly unreachable: string | null;
  /** How long mappings live, in words. */
  readonly lease: string;
  /** Whether it opens pinholes to IPv6 hosts. */
  readonly pinholes: boolean;
  /** Whether it can be relied on for who may connect. */
  readonly sources: boolean;
  /** The address of this machine that it sees. */
  readonly ownAddress: string | null;
  /** The arguments of the Gateway that name it, beside `kind`. */
  readonly arguments: Readonly<Record<string, string>>;
}
