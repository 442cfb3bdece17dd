import { fw4Comment, type NftChain, type NftRule, nftRule } from '../kernel/nft-rule';
import { spellLimit } from './conditions';
import type { Defaults } from './defaults';
import type { RulesOf } from './entry';
import type { Policy } from './meanings';
import type { Zone } from './zone';
import { chain, jump, jumps } from './zone-chains';

/** The chains that the kernel hands packets to, and from which zones are told apart. */
export function filterBase(zones: readonly Zone[], of: RulesOf, defaults: Defaults): NftChain[] {
  const { synFlood } = defaults;
  const hook = (name: string, policy: Policy): string =>
    `type filter hook ${name} priority filter; policy ${policy === 'reject' ? 'drop' : policy};`;
  const base = (name: 'input' | 'forward' | 'output', first: readonly NftRule[]): NftChain =>
    chain(
      name,
      [
        ...first,
        ...of(name),
        ...zones.flatMap((zone) => jumps(zone, name)),
        ...(defaults[name] === 'reject' ? [jump('handle_reject')] : []),
      ],
      hook(name, defaults[name]),
    );
  return [
    base('input', [loopback('iif', 'from'), flows('inbound', defaults), ...(synFlood ? [rateLimited] : [])]),
    base('forward', [flows('forwarded', defaults)]),
    base('output', [loopback('oif', 'towards'), flows('outbound', defaults)]),
    chain('prerouting', [], 'type filter hook prerouting priority filter; policy accept;'),
    chain('handle_reject', [
      nftRule({
        match: ['meta l4proto tcp'],
        action: ['reject with tcp reset'],
        comment: fw4Comment('Reject TCP traffic'),
      }),
      nftRule({ action: ['reject'], comment: fw4Comment('Reject any other traffic') }),
    ]),
    ...(synFlood
      ? [
          chain('syn_flood', [
            nftRule({
              match: [spellLimit(synFlood.limit, synFlood.burst)],
              action: ['return'],
              comment: fw4Comment('Accept SYN packets below rate-limit'),
            }),
            nftRule({ action: ['drop'], comment: fw4Comment('Drop excess packets') }),
          ]),
        ]
      : []),
  ];
}

export function natBase(zones: readonly Zone[]): NftChain[] {
  const of = (kind: 'dnat' | 'snat', direction: string): NftRule[] =>
    zones.filter(({ nat }) => nat.has(kind)).flatMap((zone) => jumps(zone, direction));
  return [
    chain('dstnat', of('dnat', 'dstnat'), 'type nat hook prerouting priority dstnat; policy accept;'),
    chain('srcnat', of('snat', 'srcnat'), 'type nat hook postrouting priority srcnat; policy accept;'),
  ];
}

const rateLimited = nftRule({
  match: ['tcp flags syn / fin,syn,rst,ack'],
  action: ['jump syn_flood'],
  comment: fw4Comment('Rate limit TCP syn packets'),
});

const loopback = (key: string, way: string): NftRule =>
  nftRule({
    match: [`${key} "lo"`],
    action: ['accept'],
    comment: fw4Comment(`Accept traffic ${way} loopback`),
  });

const flows = (which: string, { dropInvalid }: Defaults): NftRule =>
  nftRule({
    match: [
      `ct state vmap { ${dropInvalid ? 'invalid : drop, ' : ''}established : accept, related : accept }`,
    ],
    comment: fw4Comment(`Handle ${which} flows`),
  });
