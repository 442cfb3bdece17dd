/**
 * How a model of gateway behaves on its good days. The documents leave much open, and routers make use of it; a test may
 * change any of it at any time.
 */
export interface Habits {
  /** Which InternetGatewayDevice it calls itself, and so which actions it has. */
  version: 1 | 2;
  /** Maps only to the address that asks. */
  secure: boolean;
  /** What another address gets then: 606 says WANIPConnection:2, 718 is all that version 1 has. */
  refusal: 606 | 718;
  /** Mappings of one port and client for several remote hosts: the vendor's choice (WANIPConnection:2 2.5.16, figure 2-3). `none` = 726. */
  remoteHosts: 'one' | 'several' | 'none';
  /** A remote host is filtered by and then forgotten: no reading tells it, and the same call again is a conflict (miniupnpd on nftables). */
  forgetsRemoteHost: boolean;
  /** Whether the remote host counts in GetSpecificPortMappingEntry and DeletePortMapping; else it is passed over. */
  readsRemoteHost: boolean;
  /** `same` = only to the same internal port (724), `none` = only all ports at once (727). */
  externalPorts: 'any' | 'same' | 'none';
  /** Ports below are refused with 606. */
  lowestPort: number;
  /** External ports that the router itself listens on: 729, in version 1 718. */
  ownPorts: readonly number[];
  /** `none` = only mappings that never expire (725). */
  leases: 'any' | 'none';
  /** What a lease of 0 means. Version 1 says for ever, version 2 the longest. `refused` = 402. */
  zeroLease: 'longest' | 'permanent' | 'refused';
  /** Seconds; a longer lease is cut to it without a word. */
  longestLease: number;
  /** Bytes of a description, and what befalls a longer one. `garbage` = the single reading ends in bytes that are no text. */
  description: { readonly room: number; readonly longer: 'cut' | 'refused' | 'garbage' };
  /** A renewal with the same internal port keeps the old description. */
  renewalKeepsDescription: boolean;
  /** NewEnabled is passed over: a mapping is always on. */
  alwaysEnabled: boolean;
  /** Deleting what is not there. `refused` = 714. */
  absentDelete: 'refused' | 'done';
  /** What an index past the end of the table gets. */
  endOfTable: 713 | 714 | 402;
  /** What an empty window of GetListOfPortMappings gets. */
  emptyList: 730 | 'empty';
  /** A list of so many mappings ends the daemon, as it does miniupnpd 2.3.1. */
  listKillsAt: number;
  order: 'newest first' | 'oldest first';
  /** Mappings that there is room for; then 728, in version 1 501. Pinholes: 701. */
  capacity: number;
  /** What is no number or no known protocol: refused with 402, 600 or 601, or bent into something else as C does it. */
  values: 'checked' | 'bent';
  /** An action that it does not know: 401, or the connection is cut. */
  unknownAction: 'fault' | 'cut';
  /** A public address that is none: told as it is; or as an empty text, and new mappings get 501. */
  privateAddress: 'told' | 'hidden';
  /** Every AddPortMapping gets 718, whatever is wrong or not. */
  alwaysConflict: boolean;
  /** What an unknown pinhole gets. */
  unknownPinhole: 704 | 402;
  /** Names of the elements in a fault, by SOAP or as RouterOS has them. */
  faultNames: 'soap' | 'routeros';
}

/** As WANIPConnection:2 recommends, with no need for anybody to be known. */
export const igd2: Habits = {
  version: 2,
  secure: false,
  refusal: 606,
  remoteHosts: 'one',
  forgetsRemoteHost: false,
  readsRemoteHost: true,
  externalPorts: 'any',
  lowestPort: 1,
  ownPorts: [],
  leases: 'any',
  zeroLease: 'longest',
  longestLease: 604_800,
  description: { room: 255, longer: 'cut' },
  renewalKeepsDescription: false,
  alwaysEnabled: false,
  absentDelete: 'refused',
  endOfTable: 713,
  emptyList: 730,
  listKillsAt: Number.POSITIVE_INFINITY,
  order: 'oldest first',
  capacity: 65_536,
  values: 'checked',
  unknownAction: 'fault',
  privateAddress: 'told',
  alwaysConflict: false,
  unknownPinhole: 704,
  faultNames: 'soap',
};

/** As WANIPConnection:1 says. */
export const igd1: Habits = { ...igd2, version: 1, refusal: 718, zeroLease: 'permanent' };

/** As Debian's miniupnpd 2.3.1 was measured to behave. */
export const miniupnpd: Habits = {
  ...igd2,
  refusal: 718,
  forgetsRemoteHost: true,
  readsRemoteHost: false,
  description: { room: 63, longer: 'garbage' },
  renewalKeepsDescription: true,
  alwaysEnabled: true,
  absentDelete: 'done',
  emptyList: 'empty',
  listKillsAt: 140,
  order: 'newest first',
  values: 'bent',
  privateAddress: 'hidden',
  unknownPinhole: 402,
};

/** As MikroTik's RouterOS: mappings never expire. */
export const routeros: Habits = { ...igd1, leases: 'none', faultNames: 'routeros' };
