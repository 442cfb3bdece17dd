import {
  concat,
  ct,
  field,
  has,
  hasBit,
  is,
  isNot,
  type Json,
  jump,
  meta,
  type Rule,
  type Statement,
  setBit,
} from './expression';
import { CHAINS, MAPS, type MapName, SETS } from './names';

/** A chain that is always there. `hook` is absent for one that is only jumped to. */
export interface BaseChain {
  readonly name: string;
  readonly hook?: { readonly type: 'nat' | 'filter'; readonly hook: string; readonly prio: number };
  readonly rules: readonly Rule[];
}

const protocolAndPort = [meta('l4proto'), field('th', 'dport')];
/** Of a connection's packets only the first. */
const NEW = has(ct('state'), 'new');
const isFamily = (version: string): Statement => is(meta('nfproto'), version);
const lookUp = (key: Statement, map: MapName): Statement => ({ vmap: { key, data: `@${map}` } });

/**
 * The fixed part of our table.
 *
 * Priorities are our own: at an equal one the chain registered last runs first, so a table that is made again would
 * change the order. nat -105 comes before other tables' dnat (-100), filter -5 before other tables' filters (0), so
 * that they can see our mark.
 */
export function baseChains(mark: number): BaseChain[] {
  const wanInterface = `@${SETS.wanInterfaces}`;
  const wanAddress = is(field('ip', 'daddr'), `@${SETS.wanAddresses}`);
  const ours = hasBit(ct('mark'), mark);
  return [
    {
      name: CHAINS.dispatch4,
      rules: [
        [lookUp(concat(...protocolAndPort), MAPS.ports4)],
        [is(meta('l4proto'), 'tcp'), lookUp(field('tcp', 'dport'), MAPS.tcpRanges4)],
        [is(meta('l4proto'), 'udp'), lookUp(field('udp', 'dport'), MAPS.udpRanges4)],
      ],
    },
    {
      name: CHAINS.dispatch6,
      rules: [
        [lookUp(concat(field('ip6', 'daddr'), ...protocolAndPort), MAPS.ports6)],
        [lookUp(concat(field('ip6', 'daddr'), ...protocolAndPort), MAPS.ranges6)],
      ],
    },
    {
      name: CHAINS.incoming,
      hook: { type: 'nat', hook: 'prerouting', prio: -105 },
      rules: [
        // The interface alone would also take what is only routed through us, to other hosts' addresses.
        [
          isFamily('ipv4'),
          is(meta('iifname'), wanInterface),
          is({ fib: { result: 'type', flags: ['daddr'] } }, 'local'),
          jump(CHAINS.dispatch4),
        ],
        [isNot(meta('iifname'), wanInterface), wanAddress, jump(CHAINS.dispatch4)],
      ],
    },
    {
      name: CHAINS.localOut,
      hook: { type: 'nat', hook: 'output', prio: -105 },
      rules: [[wanAddress, jump(CHAINS.dispatch4)]],
    },
    {
      name: CHAINS.hairpin,
      hook: { type: 'nat', hook: 'postrouting', prio: 95 },
      rules: [
        // Else a host on the same wire would answer the caller directly, from an address that was never called.
        [
          ours,
          has(ct('status'), 'dnat'),
          is(concat(meta('iifname'), meta('oifname')), `@${SETS.hairpinPairs}`),
          { masquerade: null },
        ],
      ],
    },
    {
      name: CHAINS.admitForward,
      hook: { type: 'filter', hook: 'forward', prio: -5 },
      rules: [
        [isFamily('ipv6'), is(meta('iifname'), wanInterface), NEW, jump(CHAINS.dispatch6)],
        [ours, setBit(meta('mark'), mark)],
      ],
    },
    {
      name: CHAINS.admitInput,
      hook: { type: 'filter', hook: 'input', prio: -5 },
      rules: [[ours, setBit(meta('mark'), mark)]],
    },
  ];
}

/** Types of the fixed sets. */
export const BASE_SETS: readonly { readonly name: string; readonly type: Json }[] = [
  { name: SETS.wanInterfaces, type: 'ifname' },
  { name: SETS.wanAddresses, type: 'ipv4_addr' },
  { name: SETS.hairpinPairs, type: ['ifname', 'ifname'] },
];

/**
 * Types of the verdict maps. Single ports are hashed; true ranges live apart, for interval maps cost more. The ranges
 * of IPv4 are one map per protocol, since an interval map over a single key is a tree and over two is searched
 * element by element.
 */
export const BASE_MAPS: readonly {
  readonly name: MapName;
  readonly type: Json;
  readonly interval: boolean;
}[] = [
  { name: MAPS.ports4, type: ['inet_proto', 'inet_service'], interval: false },
  { name: MAPS.tcpRanges4, type: 'inet_service', interval: true },
  { name: MAPS.udpRanges4, type: 'inet_service', interval: true },
  { name: MAPS.ports6, type: ['ipv6_addr', 'inet_proto', 'inet_service'], interval: false },
  { name: MAPS.ranges6, type: ['ipv6_addr', 'inet_proto', 'inet_service'], interval: true },
];
