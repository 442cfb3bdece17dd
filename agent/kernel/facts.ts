import { readFile } from 'node:fs/promises';
import type { PortforwardError } from '../../provider/rule/error';
import type { ProblemWire } from '../api/wire';
import { closedFilters } from './admission';
import { readTables } from './foreign-tables';
import { readNetwork } from './ip';
import type { Facts } from './kernel';
import { LISTENER_TABLES, readListeners } from './listeners';
import { lanPrefixes, type Network } from './network';
import type { Nft } from './nft';
import { run } from './run';

const CAP_NET_ADMIN = 12n;

/** What this machine can do and what stands in the way, read now. Throws nothing: what fails is a problem. */
export async function readFacts(nft: Nft, wan: readonly string[] | null, mark: number): Promise<Facts> {
  const problems: ProblemWire[] = [];
  const attempt = async <T>(work: Promise<T>, code: string, otherwise: T): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      const { summary, hint } = error as PortforwardError;
      problems.push({
        code,
        fatal: true,
        message: summary ?? String(error),
        hint: hint ?? 'See the journal of the agent.',
      });
      return otherwise;
    }
  };
  const nobody: Network = { wans: [], lanInterfaces: [], lanNetworks: [], own: [] };
  const [version, , network, v4, v6, capable, sockets, filters] = await Promise.all([
    attempt(nft.version(), 'no-nft', ''),
    attempt(run('conntrack', ['--version']), 'no-conntrack', null),
    attempt(readNetwork(wan), 'no-ip', nobody),
    flag('/proc/sys/net/ipv4/ip_forward'),
    flag('/proc/sys/net/ipv6/conf/all/forwarding'),
    hasNetAdmin(),
    Promise.all(LISTENER_TABLES.map(async (name) => [name, await text(`/proc/net/${name}`)] as const)),
    readTables(nft).catch(() => []),
  ]);
  if (!capable) {
    problems.push({
      code: 'no-net-admin',
      fatal: true,
      message: 'The agent may not change the firewall: it lacks CAP_NET_ADMIN.',
      hint: 'Run it as root, or give it CAP_NET_ADMIN as its systemd unit does.',
    });
  }
  for (const blocked of closedFilters(filters, network, mark)) {
    problems.push({ code: 'blocked', fatal: false, ...blocked });
  }
  problems.push(...networkProblems(network, wan, { v4, v6 }));
  return {
    wans: network.wans,
    lans: lanPrefixes(network),
    own: network.own,
    ipForward: { v4, v6 },
    nft: version === '' ? 'nft is not installed' : version,
    listeners: readListeners(
      Object.fromEntries(sockets),
      network.wans.flatMap(({ addresses }) => addresses),
    ),
    problems: problems.sort((a, b) => rank(a.code) - rank(b.code)),
  };
}

/** What is wrong with the network itself. Pure. */
export function networkProblems(
  network: Network,
  wan: readonly string[] | null,
  forwarding: Facts['ipForward'],
): ProblemWire[] {
  const problems: ProblemWire[] = [];
  if (!forwarding.v4) {
    problems.push({
      code: 'ip-forward-off',
      fatal: true,
      message:
        'net.ipv4.ip_forward is 0: this machine forwards no IPv4 packet, so every forward to a LAN host is silent.',
      hint: 'Put `net.ipv4.ip_forward=1` into /etc/sysctl.d/ and run `sysctl --system`. It opens forwarding for everything: have a firewall for the rest.',
    });
  }
  if (!forwarding.v6 && lanPrefixes(network).some((lan) => lan.includes(':'))) {
    problems.push({
      code: 'ip6-forward-off',
      fatal: false,
      message:
        'net.ipv6.conf.all.forwarding is 0: this machine forwards no IPv6 packet, so pinholes open nothing.',
      hint: 'Put `net.ipv6.conf.all.forwarding=1` into /etc/sysctl.d/ and run `sysctl --system`, if the LAN uses IPv6 through this machine.',
    });
  }
  if (network.wans.length === 0) {
    problems.push({
      code: 'no-wan',
      fatal: true,
      message: 'No WAN interface: this machine has no default route.',
      hint: 'Connect it, or name the interface with --wan.',
    });
  }
  for (const { name, addresses } of network.wans) {
    if (addresses.length > 0) continue;
    problems.push({
      code: 'wan-without-address',
      fatal: false,
      message: `The WAN interface ${name} ${wan ? 'does not exist or has' : 'has'} no address: nothing can be forwarded from it.`,
      hint: 'Connect it, or name another interface with --wan.',
    });
  }
  return problems;
}

/** Worst first. */
const ORDER = [
  'no-net-admin',
  'no-nft',
  'no-ip',
  'no-conntrack',
  'no-wan',
  'ip-forward-off',
  'wan-without-address',
  'ip6-forward-off',
];
const rank = (code: string): number => (ORDER.indexOf(code) + ORDER.length) % ORDER.length;

async function hasNetAdmin(): Promise<boolean> {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(await text('/proc/self/status'))?.[1];
  // Where the kernel does not say, the first refusal will.
  return effective === undefined || ((BigInt(`0x${effective}`) >> CAP_NET_ADMIN) & 1n) === 1n;
}

async function flag(path: string): Promise<boolean> {
  return (await text(path)).trim() === '1';
}

async function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
