import { cidrContains, parseAddress, parseCidr } from '../../provider/rule/address';
import type { Forward } from '../../provider/rule/rule';
import type { BlockedWire } from '../api/wire';
import type { Network } from './network';
import { fateOf } from './packet';
import type { Packet } from './packet-match';
import { remedy } from './remedy';
import type { ForeignChain, ForeignTable } from './ruleset';
import { familyOf } from './wan-match';

/** Our own mark is set at this priority; a chain that runs before cannot see it. */
const ADMISSION_PRIORITY = -5;

/**
 * Why packets of a forward do not arrive although our table admits them: an accept of ours is not final, and any
 * other table's chain on the same hook may still drop. null = let through, or it hangs on what we cannot tell.
 */
export function blockedBy(
  forward: Forward,
  tables: readonly ForeignTable[],
  network: Network,
  mark: number,
): BlockedWire | null {
  const hook = forward.target.kind === 'gateway' ? 'input' : 'forward';
  const family = familyOf(forward);
  for (const { table, chain } of chainsOn(hook, family, tables)) {
    for (const packet of packetsOf(forward, network, chain, mark)) {
      if (fateOf(table, chain, packet) === 'drop') return said(table, chain, hook, packet, mark);
    }
  }
  return null;
}

/** Filters that drop whatever we admit, each with the line that lets it through: what `check` shows before any rule. */
export function closedFilters(
  tables: readonly ForeignTable[],
  network: Network,
  mark: number,
): BlockedWire[] {
  const found = new Map<string, BlockedWire>();
  for (const family of [4, 6] as const) {
    for (const { table, chain } of chainsOn('forward', family, tables)) {
      const packet: Packet = {
        // TCP, for filters let some ICMP through that nobody forwards.
        ...{ family, protocol: 'tcp', port: null, destination: null },
        ...{ wans: network.wans.map(({ name }) => name), lans: network.lanInterfaces },
        ...{ mark: seenMark(chain, mark), translated: family === 4 },
      };
      if (fateOf(table, chain, packet) !== 'drop') continue;
      const blocked = said(table, chain, 'forward', packet, mark);
      found.set(blocked.hint, blocked);
    }
  }
  return [...found.values()];
}

function* chainsOn(hook: string, family: 4 | 6, tables: readonly ForeignTable[]) {
  for (const table of tables) {
    if (table.family !== 'inet' && table.family !== (family === 4 ? 'ip' : 'ip6')) continue;
    for (const chain of table.chains.values()) {
      if (chain.base?.hook === hook && chain.base.type === 'filter') yield { table, chain };
    }
  }
}

/** One packet for each stretch of ports; a filter that tells ports apart within one is beyond us. */
function* packetsOf(
  forward: Forward,
  network: Network,
  chain: ForeignChain,
  mark: number,
): Generator<Packet> {
  const { target } = forward;
  const named = network.wans.map(({ name }) => name).filter((name) => name === forward.wan);
  const wans = named.length > 0 ? named : network.wans.map(({ name }) => name);
  for (const { protocol, ports } of forward.traffic) {
    for (const { target: port } of ports) {
      yield {
        family: familyOf(forward),
        protocol,
        port,
        destination: target.kind === 'host' ? target.address : null,
        wans,
        lans: target.kind === 'host' ? waysTo(target.address, network) : [],
        mark: seenMark(chain, mark),
        translated: familyOf(forward) === 4,
      };
    }
  }
}

/** Where a packet to this address leaves; every LAN interface where routing decides. */
function waysTo(address: string, network: Network): readonly string[] {
  const parsed = parseAddress(address);
  const near = network.lanNetworks.filter(({ network }) => {
    const cidr = parseCidr(network);
    return parsed && cidr && cidrContains(cidr, parsed);
  });
  return near.length > 0 ? [...new Set(near.map(({ name }) => name))] : network.lanInterfaces;
}

const seenMark = (chain: ForeignChain, mark: number): number =>
  (chain.base?.prio ?? 0) > ADMISSION_PRIORITY ? mark : 0;

function said(
  table: ForeignTable,
  chain: ForeignChain,
  hook: string,
  packet: Packet,
  mark: number,
): BlockedWire {
  const to = hook === 'input' ? 'the gateway itself' : 'the LAN';
  return {
    message: `A firewall on the gateway drops new IPv${packet.family} connections to ${to}: table ${table.family} ${table.name}, chain ${chain.name}.`,
    hint: remedy(table, chain, packet, mark),
  };
}
