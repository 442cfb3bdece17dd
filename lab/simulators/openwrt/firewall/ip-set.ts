import type { Family } from './address';
import { LeftOut } from './left-out';
import type { Protocol, SetMatch } from './match-meanings';
import type { FirewallState, IpSet } from './state';

/** `ip saddr . tcp dport @name`, as nft writes a match on a set; undefined where the protocol has no such fields. */
export function spellSet(set: IpSet, match: SetMatch, protocol: Pick<Protocol, 'name'>): string | undefined {
  const hasPorts = protocol.name === 'tcp' || protocol.name === 'udp';
  if (!hasPorts && set.fields.some(({ type }) => type === 'port')) return undefined;
  const fields = set.fields.map(({ type, direction }, index) => {
    const side = sideOf(match.directions[index], direction);
    if (type === 'port') return `${protocol.name} ${side}port`;
    return type === 'mac' ? 'ether saddr' : `${set.family === 6 ? 'ip6' : 'ip'} ${side}addr`;
  });
  return `${fields.join(' . ')} ${match.negated ? '!= ' : ''}@${set.name}`;
}

function sideOf(asked: string | undefined, usual: 'src' | 'dst'): 's' | 'd' {
  if (asked === 'dst' || asked === 'dest') return 'd';
  return asked === 'src' || usual === 'src' ? 's' : 'd';
}

/** The set that a section names. */
export function findSet(state: FirewallState, match: SetMatch | undefined): IpSet | undefined {
  const set = match && state.sets.get(match.set);
  if (match && !set) throw new LeftOut(`references unknown set '${match.set}'`);
  return set;
}

/** A set of addresses has their family. */
export const setFamily = (set: IpSet | undefined): 0 | Family | undefined => set?.family;
