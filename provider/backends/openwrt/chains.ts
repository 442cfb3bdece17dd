import { PortforwardError } from '../../rule/error';
import { chainCommand, commandLine } from './acl';
import { type Call, type Reply, UBUS } from './client';
import { type NftRule, parseChain } from './nft-chain';
import { plainText } from './plain-text';
import { type Acls, mayRun } from './rights';

/** What the firewall has loaded, by chain. A chain that could not be read is not among them: nothing can be proved there. */
export type Chains = ReadonlyMap<string, readonly NftRule[]>;

/** A chain that could not be read, and why. */
export interface Unread {
  readonly chain: string;
  readonly why: 'not granted' | 'too long' | 'failed';
  /** The line that the ACL file would need. */
  readonly line: string;
}

export function mayRead(acls: Acls, chain: string): boolean {
  return mayRun(acls, commandLine(chainCommand(chain)));
}

export function listChain(chain: string): Call {
  const { command, params } = chainCommand(chain);
  return { object: 'file', method: 'exec', args: { command, params } };
}

/** The rules of a chain; none where there is no such chain: fw4 makes those of a zone when something needs them. */
export function readChain(chain: string, reply: Reply | undefined): readonly NftRule[] | Unread {
  const unread = (why: Unread['why']): Unread => ({ chain, why, line: commandLine(chainCommand(chain)) });
  if (!reply?.ok) {
    if (reply?.code === UBUS.notFound) throw noFirewall4();
    if (reply?.code === UBUS.denied) return unread('not granted');
    // rpcd cuts no output: above 262 144 bytes it answers with nothing else (RPC_EXEC_MAX_SIZE in rpcd's exec.h).
    return unread(reply?.code === UBUS.tooLong ? 'too long' : 'failed');
  }
  const { code, stdout = '', stderr = '' } = reply.data ?? {};
  if (code === 0) return parseChain(plainText(stdout));
  return /No such file or directory/.test(plainText(stderr)) ? [] : unread('failed');
}

export function isUnread(read: readonly NftRule[] | Unread): read is Unread {
  return 'why' in read;
}

function noFirewall4(): PortforwardError {
  return new PortforwardError('version', 'The router has no /usr/sbin/nft: its firewall is not firewall4.', {
    hint: 'OpenWrt 22.03 or newer is needed.',
  });
}
