import { createHash } from 'node:crypto';

/** Our one table. Nothing outside it is ever written. */
export const FAMILY = 'inet';
export const TABLE = 'portforward';

/** The mark bit of what we admit. It stands in users' firewall files for ever, so the default never changes. */
export const DEFAULT_MARK = 0x10000000;

/** Chains that are always there. None is a keyword of nft's text language, so people can name them in commands. */
export const CHAINS = {
  incoming: 'incoming',
  localOut: 'local_out',
  hairpin: 'hairpin',
  admitForward: 'admit_forward',
  admitInput: 'admit_input',
  dispatch4: 'dispatch4',
  dispatch6: 'dispatch6',
} as const;

/** Sets that follow the interfaces and addresses of this machine. */
export const SETS = {
  wanInterfaces: 'wan_interfaces',
  wanAddresses: 'wan_addresses',
  hairpinPairs: 'hairpin_pairs',
} as const;

/** Verdict maps from what a packet asks for to the chain that answers. `ranges` are interval maps. */
export const MAPS = {
  ports4: 'ports4',
  tcpRanges4: 'tcp_ranges4',
  udpRanges4: 'udp_ranges4',
  ports6: 'ports6',
  ranges6: 'ranges6',
} as const;
export type MapName = (typeof MAPS)[keyof typeof MAPS];

/** True for a text that is a whole tag and nothing else: safe as the name of a chain. */
export function isTag(text: string): boolean {
  return /^pf1_[0-9a-f]{16}_[0-9a-f]{8}_[0-9]{1,5}$/.test(text);
}

export const connectionsCounter = (tag: string): string => `${tag}_c`;
export const deniedCounter = (tag: string): string => `${tag}_d`;

/** The tag that a counter belongs to and what it counts, or null. */
export function splitCounter(name: string): { readonly tag: string; readonly denied: boolean } | null {
  const tag = name.slice(0, -2);
  const kind = name.slice(-2);
  return isTag(tag) && (kind === '_c' || kind === '_d') ? { tag, denied: kind === '_d' } : null;
}

/** The chain that tries several entries in turn, or one with sources and then denies. Same entries, same name. */
export function groupChain(tags: readonly string[]): string {
  return `group_${createHash('sha256').update(tags.join(' ')).digest('hex').slice(0, 16)}`;
}

export const isGroup = (name: string): boolean => /^group_[0-9a-f]{16}$/.test(name);

/** IPv4 addresses of one WAN interface. In hex, for names of interfaces hold characters that names of sets may not. */
export function wanSet(interfaceName: string): string {
  return `wan4_${Buffer.from(interfaceName).toString('hex')}`;
}

/** The interface behind a set named by `wanSet`, or null. */
export function wanOfSet(name: string): string | null {
  const hex = /^wan4_((?:[0-9a-f]{2})+)$/.exec(name)?.[1];
  return hex === undefined ? null : Buffer.from(hex, 'hex').toString();
}

/** A counter whose name says since when the others have run; a table rewritten with its counters keeps it. */
export const epochCounter = (epoch: string): string => `epoch_${epoch}`;

export function epochOf(counterName: string): string | null {
  return /^epoch_([0-9a-f]{16})$/.exec(counterName)?.[1] ?? null;
}
