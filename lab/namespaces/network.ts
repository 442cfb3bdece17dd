/** The machines of the lab. `gateway` is the router; `server` and `desk` are on its LAN. */
export const hosts = ['internet', 'gateway', 'server', 'desk'] as const;
export type Host = (typeof hosts)[number];

/**
 * Every address of the lab, from the blocks that RFC 5737 and RFC 3849 keep for documentation.
 * The gateway's interfaces are `wan0`, `wan1` and the bridge `br0`.
 */
export const addresses = {
  gateway: {
    wan: '198.51.100.1',
    wan2: '192.0.2.1',
    lan: '192.168.50.1',
    wan6: '2001:db8:1::1',
    lan6: '2001:db8:50::1',
  },
  server: { lan: '192.168.50.10', lan6: '2001:db8:50::10' },
  desk: { lan: '192.168.50.20', lan6: '2001:db8:50::20' },
  internet: {
    /** The provider's router on the first and on the second WAN. */
    isp: '198.51.100.2',
    isp2: '192.0.2.2',
    isp6: '2001:db8:1::2',
    /** Clients far away, several hops in a real network: bind to these. */
    client: '203.0.113.7',
    stranger: '203.0.113.77',
    client6: '2001:db8:7::7',
    stranger6: '2001:db8:7::77',
    /** A public server that LAN hosts call. */
    site: '203.0.113.80',
  },
} as const;

/** Names of the gateway's WAN interfaces. */
export const wans = ['wan0', 'wan1'] as const;

/** Builds the four machines and their wires. POSIX sh, run by the first process inside the namespaces. */
export function buildScript(): string {
  const { gateway, server, desk, internet } = addresses;
  return `
mount -t tmpfs -o mode=0755,nosuid,nodev tmpfs /run
# What finds no syslog writes to the console: that is this machine's, and each line takes it a millisecond.
if [ -w /dev/console ]; then mount --bind /dev/null /dev/console; fi
for host in ${hosts.join(' ')}; do
  ip netns add "$host"
  # Without waiting for duplicate addresses: there are none, and IPv6 would be silent for a second.
  ip netns exec "$host" sh -euc '
    for name in all default; do
      echo 0 > "/proc/sys/net/ipv6/conf/$name/disable_ipv6"
      echo 0 > "/proc/sys/net/ipv6/conf/$name/accept_dad"
    done'
  ip -n "$host" link set lo up
done

ip -n gateway -batch - <<'END'
link add wan0 type veth peer name isp0 netns internet
link add wan1 type veth peer name isp1 netns internet
link add br0 type bridge
link add lan0 type veth peer name eth0 netns server
link add lan1 type veth peer name eth0 netns desk
link set lan0 master br0
link set lan1 master br0
address add ${gateway.wan}/24 dev wan0
address add ${gateway.wan2}/24 dev wan1
address add ${gateway.lan}/24 dev br0
address add ${gateway.wan6}/64 dev wan0 nodad
address add ${gateway.lan6}/64 dev br0 nodad
link set wan0 up
link set wan1 up
link set lan0 up
link set lan1 up
link set br0 up
END
ip -n internet -batch - <<'END'
address add ${internet.isp}/24 dev isp0
address add ${internet.isp2}/24 dev isp1
address add ${internet.isp6}/64 dev isp0 nodad
address add ${internet.client}/32 dev lo
address add ${internet.stranger}/32 dev lo
address add ${internet.site}/32 dev lo
address add ${internet.client6}/128 dev lo nodad
address add ${internet.stranger6}/128 dev lo nodad
link set isp0 up
link set isp1 up
route add 2001:db8:50::/64 via ${gateway.wan6} dev isp0
END
ip -n server -batch - <<'END'
address add ${server.lan}/24 dev eth0
address add ${server.lan6}/64 dev eth0 nodad
link set eth0 up
route add default via ${gateway.lan}
route add default via ${gateway.lan6}
END
ip -n desk -batch - <<'END'
address add ${desk.lan}/24 dev eth0
address add ${desk.lan6}/64 dev eth0 nodad
link set eth0 up
route add default via ${gateway.lan}
route add default via ${gateway.lan6}
END
ip -n gateway route add default via ${internet.isp} dev wan0
ip -n gateway route add default via ${internet.isp6} dev wan0

# With bridge-nf on, frames between two LAN hosts pass the IP hooks and hairpin seems to work without masquerade.
ip netns exec gateway sh -euc '
  echo 1 > /proc/sys/net/ipv4/ip_forward
  echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
  for f in /proc/sys/net/bridge/bridge-nf-call-iptables /proc/sys/net/bridge/bridge-nf-call-ip6tables; do
    if [ -w "$f" ]; then echo 0 > "$f"; fi
  done'
`;
}
