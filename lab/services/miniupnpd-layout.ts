import { addresses } from '../namespaces/network';

/** Where it serves on the lab's gateway. */
export const MINIUPNPD_URL = `http://${addresses.gateway.lan}:5000/rootDesc.xml`;

/** The unique name that it tells, as long as it is this device. */
export const MINIUPNPD_UDN = 'uuid:5d1a2b3c-0002-4000-8000-0123456789a0';

/**
 * miniupnpd forwards nothing where it holds the public address for none, and it holds every block for documentation for
 * none. So the gateway has one more, of a block that is in use somewhere; no packet leaves the lab.
 */
export const PUBLIC_ADDRESS = '11.22.33.44';

/** For POSIX sh, on the host that is named: the second public address, and the way to it. */
export const publicAddressCommands = {
  gateway: ['ip', 'address', 'replace', `${PUBLIC_ADDRESS}/32`, 'dev', 'wan0'],
  internet: ['ip', 'route', 'replace', `${PUBLIC_ADDRESS}/32`, 'via', addresses.gateway.wan, 'dev', 'isp0'],
} as const;

/** Chains that it fills. A jump to them, since an accept in another base chain would not undo a drop in ours. */
const chains = ['miniupnpd', 'prerouting_miniupnpd', 'postrouting_miniupnpd'] as const;

/** The table that miniupnpd 2.3.1 expects to find, and does not make itself. */
export const layout = `add table inet filter
delete table inet filter
table inet filter {
  chain miniupnpd {
  }
  chain prerouting_miniupnpd {
  }
  chain postrouting_miniupnpd {
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    iifname "br0" accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    jump miniupnpd
  }
  chain prerouting {
    type nat hook prerouting priority -100;
    jump prerouting_miniupnpd
  }
  chain postrouting {
    type nat hook postrouting priority 100;
    jump postrouting_miniupnpd
  }
}
`;

/** Empties its chains behind its back. */
export const flushScript = chains.map((chain) => `flush chain inet filter ${chain}\n`).join('');

export interface MiniupnpdSettings {
  readonly secure: boolean;
  readonly leaseFile: string | null;
  /** Null = what is on the WAN: an address for documentation, which it holds for none. */
  readonly publicAddress: string | null;
  readonly ipv6: boolean;
}

/** Its configuration, in words that 2.3.1 knows: an unknown one ends it. */
export function configuration({ secure, leaseFile, publicAddress, ipv6 }: MiniupnpdSettings): string {
  const yes = (value: boolean): string => (value ? 'yes' : 'no');
  return [
    'ext_ifname=wan0',
    ...(publicAddress === null ? [] : [`ext_ip=${publicAddress}`]),
    'listening_ip=br0',
    'http_port=5000',
    'enable_upnp=yes',
    'enable_natpmp=no',
    `secure_mode=${yes(secure)}`,
    'system_uptime=no',
    'notify_interval=30',
    `uuid=${MINIUPNPD_UDN.replace('uuid:', '')}`,
    ...(leaseFile === null ? [] : [`lease_file=${leaseFile}`]),
    `ipv6_disable=${yes(!ipv6)}`,
    // From 0: with 1 as the lowest internal port, a request for port 0 leaves it in an endless loop.
    'allow 1-65535 0.0.0.0/0 0-65535',
    'deny 0-65535 0.0.0.0/0 0-65535',
    '',
  ].join('\n');
}
