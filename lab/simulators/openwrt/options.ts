import type { SimulatorClock } from '../clock';
import type { Services } from './firewall/compile';
import type { SimulatedDevice, SimulatedInterface } from './network/interfaces';
import type { SimulatedBoard } from './network/system';
import type { AclFile } from './rpcd/acl';

/** Who may log in. An account has the groups of rights that it may read, and those that it may write. */
export interface SimulatedAccount {
  readonly username: string;
  /** An empty one lets everybody in, as on a router that nobody has set up. */
  readonly password: string;
  readonly read?: readonly string[];
  readonly write?: readonly string[];
}

/** A private key and its certificate, as PEM. */
export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
}

export interface OpenWrtOptions {
  /** HTTPS with this identity, or with one that is made for the occasion (true, the default); false = plain HTTP. */
  readonly tls?: boolean | TlsIdentity;
  /** With TLS: also a plain port, which sends everybody to the other one (`redirect_https`). */
  readonly redirectPlain?: boolean;
  /** Default: `root` with the password `router` and all rights, `portforward` with `forward` and the group of that name. */
  readonly accounts?: readonly SimulatedAccount[];
  /** Files of /usr/share/rpcd/acl.d by name. */
  readonly acl?: Readonly<Record<string, AclFile>>;
  /** Files of /etc/config by name, in place of the usual ones. */
  readonly files?: Readonly<Record<string, string>>;
  readonly interfaces?: readonly SimulatedInterface[];
  readonly devices?: readonly SimulatedDevice[];
  readonly board?: Partial<SimulatedBoard>;
  /** Rules that services bring along, by the service's name. */
  readonly services?: Services;
  /** Milliseconds from a written configuration to the reload of the firewall; 0 = at once, Infinity = never. Default 1000. */
  readonly reloadDelay?: number;
  readonly clock?: SimulatorClock;
}

export const usualAccounts: readonly SimulatedAccount[] = [
  { username: 'root', password: 'router', read: ['*'], write: ['*'] },
  { username: 'portforward', password: 'forward', read: ['portforward'], write: ['portforward'] },
];
