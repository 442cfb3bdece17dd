import type { Packet } from './packet-match';
import type { ForeignChain, ForeignTable } from './ruleset';

/**
 * The one static line that lets what we admit through a firewall, in the words of whoever keeps that firewall. It
 * names our mark and no address or port, so it stays right whatever is forwarded later.
 */
export function remedy(table: ForeignTable, chain: ForeignChain, packet: Packet, mark: number): string {
  const bit = `0x${mark.toString(16)}`;
  const hook = chain.base?.hook === 'input' ? 'input' : 'forward';
  const iptables = packet.family === 6 ? 'ip6tables' : 'iptables';
  const match = `-m mark --mark ${bit}/${bit} -j ACCEPT`;
  if (table.chains.has(`ufw-before-${hook}`) || table.chains.has(`ufw6-before-${hook}`)) {
    const [file, name] =
      packet.family === 6 ? ['before6.rules', `ufw6-before-${hook}`] : ['before.rules', `ufw-before-${hook}`];
    return `Put \`-A ${name} ${match}\` into /etc/ufw/${file}, in its *filter part before COMMIT, and run \`ufw reload\`.`;
  }
  if (table.name === 'firewalld') return firewalld(packet, hook);
  if (table.name === 'docker-bridges') {
    return `Put \`"bridge-accept-fwmark": "${bit}/${bit}"\` into /etc/docker/daemon.json and restart Docker.`;
  }
  if (hook === 'forward' && table.chains.has('DOCKER-USER')) {
    return `Run \`${iptables} -I DOCKER-USER ${match}\`, and again at each start of Docker.`;
  }
  // iptables writes its chains in capitals, and only its own commands know how to save them.
  if (chain.name === hook.toUpperCase()) {
    return `Run \`${iptables} -I ${chain.name} ${match}\`, and keep it where this machine keeps its iptables rules.`;
  }
  const line = `meta mark and ${bit} == ${bit} accept`;
  const now = `nft insert rule ${table.family} ${table.name} ${chain.name} ${line}`;
  if ((chain.base?.prio ?? 0) <= -5) {
    return `That chain runs before our mark is set: give it a priority above -5, and put \`${line}\` at its top.`;
  }
  return `Put \`${line}\` at the top of that chain, in the file it comes from (often /etc/nftables.conf); for now run \`${now}\`.`;
}

/** firewalld keeps its table to itself and has no word for accepting by mark. */
function firewalld({ family, protocol, port, destination }: Packet, hook: string): string {
  if (hook === 'input') {
    return `Run \`firewall-cmd --permanent --add-port=${port ?? '<port>'}/${protocol ?? 'tcp'}\` for the zone of the WAN, then \`firewall-cmd --reload\`.`;
  }
  if (family === 4) {
    return 'Set `StrictForwardPorts=no` in /etc/firewalld/firewalld.conf and run `firewall-cmd --reload`: it then accepts what is forwarded.';
  }
  const rule = `rule family=ipv6 destination address=${destination ?? '<host>'} port port=${port ?? '<port>'} protocol=${protocol ?? 'tcp'} accept`;
  const policy = 'firewall-cmd --permanent --policy portforward';
  return (
    `Run once \`firewall-cmd --permanent --new-policy portforward && ${policy} --add-ingress-zone ANY && ${policy} --add-egress-zone ANY\`; ` +
    `for this \`${policy} --add-rich-rule='${rule}'\`, then \`firewall-cmd --reload\`.`
  );
}
