/** The access group of the ACL file that comes with this package. */
export const ACL_GROUP = 'portforward';
/** Where it lies on the router. */
export const ACL_PATH = '/usr/share/rpcd/acl.d/portforward.json';

/** What an access group grants: methods of ubus objects, configurations, and command lines. */
export interface Grants {
  readonly ubus: Readonly<Record<string, readonly string[]>>;
  readonly uci: readonly string[];
  readonly file?: Readonly<Record<string, readonly string[]>>;
}

/** What looking needs. */
export function readGrants(wan: readonly string[], lan: readonly string[]): Grants {
  return {
    ubus: {
      uci: ['get', 'changes'],
      session: ['destroy'],
      'network.interface': ['dump'],
      'network.device': ['status'],
      system: ['board'],
      file: ['exec'],
    },
    uci: ['firewall'],
    file: Object.fromEntries(commandLines(wan, lan).map((line) => [line, ['exec']])),
  };
}

/** What changing needs beside. */
export const writeGrants: Grants = {
  ubus: { uci: ['add', 'set', 'delete', 'rename', 'commit', 'apply', 'confirm', 'rollback'] },
  uci: ['firewall'],
};

/**
 * The ACL file for these zones. Each command line is written out: a pattern such as `dstnat_*` would let in a second command
 * after a semicolon, for nft reads its arguments as one text (measured).
 */
export function aclFile(wan: readonly string[], lan: readonly string[]): string {
  const group = {
    description: 'Port forwards as code (portforward)',
    read: readGrants(wan, lan),
    write: writeGrants,
  };
  const text = JSON.stringify({ [ACL_GROUP]: group }, null, 2);
  // Lists on one line, for the people who read it before they install it.
  const lists = text.replace(
    /\[\s+([^[\]{}]*?)\s+\]/g,
    (_, items: string) => `[${items.replace(/\s+/g, ' ')}]`,
  );
  return `${lists}\n`;
}

/** A command with its arguments, as `file exec` takes them. */
export interface Command {
  readonly command: string;
  readonly params: readonly string[];
}

/** What fw4 says of its own configuration, for the reason why a section was not loaded. */
export const checkCommand: Command = { command: '/sbin/fw4', params: ['check'] };

/** Lists a chain of fw4's table: without numbers that change, with handles. */
export function chainCommand(chain: string): Command {
  return { command: '/usr/sbin/nft', params: ['-s', '-a', 'list', 'chain', 'inet', 'fw4', chain] };
}

/** As rpcd compares it with the ACL: the words with a space between. */
export function commandLine({ command, params }: Command): string {
  return [command, ...params].join(' ');
}

/** The chains in which entries of a WAN zone are found. */
export function chainsOf(zone: string): readonly [dstnat: string, forward: string, input: string] {
  return [`dstnat_${zone}`, `forward_${zone}`, `input_${zone}`];
}

/** Where redirects are reflected for hosts of this zone. */
export function reflectionChain(zone: string): string {
  return `dstnat_${zone}`;
}

/** miniupnpd keeps its mappings in fw4's table. */
export const UPNP_CHAIN = 'upnp_prerouting';

function commandLines(wan: readonly string[], lan: readonly string[]): readonly string[] {
  const chains = [...wan.flatMap(chainsOf), ...lan.map(reflectionChain), UPNP_CHAIN];
  return [...chains.map(chainCommand), checkCommand].map(commandLine);
}
