/**
 * What else may live in a gateway's nftables, as users have it:
 * `open` no filter · `drop` a forward policy drop that lets established and LAN traffic through ·
 * `docker` the tables of a Docker host, policy drop and a published port · `debian` a /etc/nftables.conf with
 * its usual `flush ruleset` at the start.
 */
export type FirewallVariant = 'open' | 'drop' | 'docker' | 'debian';

/** The masquerade that every home gateway has. Without it conntrack and NAT behave as on no real router. */
const masquerade = `table ip hostnat {
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    oifname { "wan0", "wan1" } masquerade
  }
}
`;

/** Removes what an earlier variant left, but nothing of ours: add and delete, for nft 1.0.6 knows no destroy. */
const clear = ['ip hostnat', 'inet hostfw', 'ip filter', 'ip nat']
  .map((table) => `add table ${table}\ndelete table ${table}\n`)
  .join('');

const drop = `table inet hostfw {
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    iifname "br0" accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
  }
}
`;

const docker = `table ip nat {
  chain PREROUTING {
    type nat hook prerouting priority -100; policy accept;
    fib daddr type local jump DOCKER
  }
  chain DOCKER {
    iifname != "docker0" tcp dport 8088 dnat to 172.17.0.2:80
  }
}
table ip filter {
  chain FORWARD {
    type filter hook forward priority 0; policy drop;
    jump DOCKER-USER
    ct state related,established accept
    iifname "br0" accept
    oifname "docker0" jump DOCKER
  }
  chain DOCKER-USER {
    return
  }
  chain DOCKER {
    ip daddr 172.17.0.2 tcp dport 80 accept
  }
}
`;

const debian = `flush ruleset
${masquerade}table inet hostfw {
  chain input {
    type filter hook input priority 0; policy accept;
  }
  chain forward {
    type filter hook forward priority 0; policy accept;
  }
}
`;

/** The nft script that puts a variant in place of the one before. `debian` flushes everything, ours too. */
export function firewallScript(variant: FirewallVariant): string {
  switch (variant) {
    case 'open':
      return clear + masquerade;
    case 'drop':
      return clear + masquerade + drop;
    case 'docker':
      return clear + masquerade + docker;
    case 'debian':
      return debian;
  }
}
