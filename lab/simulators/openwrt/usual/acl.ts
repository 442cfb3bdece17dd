import type { AclFile } from '../rpcd/acl';

const CHAINS = ['dstnat_wan', 'dstnat_lan', 'srcnat_lan', 'forward_wan', 'input_wan'];

/** Every line a command of its own: a pattern with `*` would let other commands through behind a semicolon. */
const listings = Object.fromEntries(
  ['', '-s ', '-a ', '-s -a '].flatMap((flag) =>
    CHAINS.map((chain) => [`/usr/sbin/nft ${flag}list chain inet fw4 ${chain}`, ['exec']]),
  ),
);

/** Files of /usr/share/rpcd/acl.d: the system's own, LuCI's as far as it is about this, and a group `portforward`. */
export const usualAcl: Readonly<Record<string, AclFile>> = {
  'unauthenticated.json': {
    unauthenticated: {
      description: 'Access controls for unauthenticated requests',
      read: { ubus: { session: ['access', 'login'] } },
    },
  },
  'luci-base.json': {
    'luci-access': {
      description: 'Grant access to basic LuCI procedures',
      read: { ubus: { uci: ['changes', 'get'], system: ['board'], session: ['access', 'destroy'] } },
      write: { ubus: { uci: ['add', 'apply', 'confirm', 'delete', 'order', 'rename', 'set'] } },
    },
  },
  'luci-app-firewall.json': {
    'luci-app-firewall': {
      description: 'Grant access to firewall configuration',
      read: {
        ubus: { 'network.interface': ['dump'] },
        uci: ['firewall'],
        file: { '/usr/sbin/nft --terse --json list ruleset': ['exec'] },
      },
      write: { uci: ['firewall'] },
    },
  },
  'portforward.json': {
    portforward: {
      description: 'Port forwards and traffic rules',
      read: {
        ubus: {
          uci: ['get', 'changes'],
          session: ['access', 'destroy'],
          'network.interface': ['dump'],
          'network.device': ['status'],
          file: ['exec'],
          system: ['board'],
        },
        uci: ['firewall'],
        file: { ...listings, '/sbin/fw4 check': ['exec'] },
      },
      write: {
        ubus: {
          uci: [
            'add',
            'set',
            'delete',
            'rename',
            'order',
            'revert',
            'commit',
            'apply',
            'confirm',
            'rollback',
          ],
        },
        uci: ['firewall'],
      },
    },
  },
};
