import type { Family } from './address';
import type { Entry } from './entry';
import { infer } from './infer-family';
import { setFamily, spellSet } from './ip-set';
import { type Ports, type Protocol, spellPorts } from './match-meanings';
import type { Redirect } from './redirect-options';
import { reflect } from './reflection';
import type { FirewallState } from './state';
import { familyOf, ofFamily, type Subnet, spellTarget } from './subnet';
import { groupSubnets, type SubnetGroup } from './subnet-groups';

/** What a redirect puts into chains for one protocol: a rule for each family that it is about, and its reflection. */
export function addDnat(
  redirect: Redirect,
  protocol: Protocol,
  state: FirewallState,
  warn: (words: string) => void,
): void {
  const from = redirect.src_ip?.subnets ?? [];
  const to = redirect.src_dip?.subnets ?? [];
  const targets = redirect.dest_ip?.subnets ?? [];
  const agreed = infer(protocol.name === 'ipv6-icmp' ? 6 : redirect.family, [
    [setFamily(redirect.ipSet), 'set match'],
    [familyOf(from), 'source IP'],
    [familyOf(to), 'destination IP'],
    [familyOf(targets), 'rewrite IP'],
    [redirect.src.family, 'source zone'],
    [redirect.dest?.zone?.family, 'destination zone'],
  ]);
  if (typeof agreed === 'string') {
    warn(`${agreed}, skipping`);
    return;
  }
  if (redirect.reflection && redirect.dest?.zone) reflect(redirect, protocol, state, warn);
  if (([4, 6] as const).some((family) => ofFamily(targets, family).length > 1)) {
    warn('specifies multiple rewrite addresses, using only first one');
  }
  const anywhere = from.length + to.length + targets.length === 0;
  const add = (family: 0 | Family, within?: SubnetGroup, towards?: SubnetGroup, target?: Subnet): void =>
    void state.entries.push(dnatEntry(redirect, protocol, family, within, towards, target));
  if (!agreed && anywhere) {
    // Without any address and family it is for IPv4, as it was before there was IPv6.
    add(agreed ?? 4);
    return;
  }
  for (const family of [4, 6] as const) {
    const [sources, destinations] = [ofFamily(from, family), ofFamily(to, family)];
    const target = ofFamily(targets, family)[0];
    const wanted = anywhere || sources.length + destinations.length > 0 || target !== undefined;
    if ((agreed && agreed !== family) || !wanted) continue;
    for (const within of groupSubnets(sources)) {
      for (const towards of groupSubnets(destinations)) add(family, within, towards, target);
    }
  }
}

function dnatEntry(
  redirect: Redirect,
  protocol: Protocol,
  family: 0 | Family,
  from: SubnetGroup | undefined,
  to: SubnetGroup | undefined,
  target: Subnet | undefined,
): Entry {
  const ports = portsOf(redirect, protocol);
  return {
    chain: `dstnat_${redirect.src.name}`,
    name: redirect.name,
    matches: {
      family,
      protocol,
      from,
      to,
      ...ports.matches,
      macs: redirect.src_mac,
      conditions: redirect,
      set: redirect.ipSet && redirect.ipset && spellSet(redirect.ipSet, redirect.ipset, protocol),
    },
    counter: redirect.counter ?? false,
    log: redirect.logAs,
    logLimit: redirect.log_limit,
    zoneLimit: redirect.src.logLimit && `${redirect.src.name}.log_limit`,
    action: target ? spellDnat(target, ports.target) : spellRedirect(ports.target),
    loosePort: ports.loose,
  };
}

/** Ports count for TCP and UDP alone; with other protocols they are passed over in silence. */
export function portsOf(redirect: Redirect, protocol: Pick<Protocol, 'name'>) {
  const has = hasPorts(protocol);
  const source = has ? redirect.src_port : undefined;
  const port = has ? redirect.src_dport : undefined;
  const target = has ? redirect.dest_port : undefined;
  return {
    matches: {
      sourcePorts: source && [source],
      ports: port && [port],
      hasPorts: source !== undefined || port !== undefined || target !== undefined,
    },
    target,
    loose: target !== undefined && source === undefined && port === undefined,
  };
}

export const hasPorts = ({ name }: Pick<Protocol, 'name'>): boolean => name === 'tcp' || name === 'udp';

export function spellDnat(to: Subnet, port: Ports | undefined): string {
  const key = to.family === 6 ? 'ip6' : 'ip';
  return `dnat ${key} to ${spellTarget(to, port !== undefined)}${port ? `:${spellPorts(port)}` : ''}`;
}

const spellRedirect = (port: Ports | undefined): string =>
  port ? `redirect to :${spellPorts(port)}` : 'redirect';
