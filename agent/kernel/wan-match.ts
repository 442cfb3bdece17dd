import { parseAddress } from '../../provider/rule/address';
import type { Forward } from '../../provider/rule/rule';
import { field, is, isNot, meta, type Rule } from './expression';
import { SETS, wanSet } from './names';

const FROM_WAN = is(meta('iifname'), `@${SETS.wanInterfaces}`);
const NOT_FROM_WAN = isNot(meta('iifname'), `@${SETS.wanInterfaces}`);

export const familyOf = (forward: Forward): 4 | 6 =>
  forward.target.kind === 'host' ? forward.target.family : 4;

/** Whether LAN hosts that call the public address are served. The habit of this gateway is yes. */
export const hairpins = (forward: Forward): boolean => forward.hairpin !== false;

/** The interface that an entry is bound to; null where it is every WAN or an address. */
export function wanInterface({ wan }: Forward): string | null {
  return wan !== null && parseAddress(wan) === null ? wan : null;
}

/** Conditions under which a packet is not for this WAN, each on its own enough. */
export function wanGuards(forward: Forward): Rule[] {
  const guards: Rule[] = [];
  const name = wanInterface(forward);
  if (familyOf(forward) === 6) return name === null ? [] : [[isNot(meta('iifname'), name)]];
  if (name !== null) {
    if (!hairpins(forward)) return [[isNot(meta('iifname'), name)]];
    return [
      [FROM_WAN, isNot(meta('iifname'), name)],
      [NOT_FROM_WAN, isNot(field('ip', 'daddr'), `@${wanSet(name)}`)],
    ];
  }
  if (forward.wan !== null) guards.push([isNot(field('ip', 'daddr'), forward.wan)]);
  if (!hairpins(forward)) guards.push([NOT_FROM_WAN]);
  return guards;
}

/** The other way round: alternatives, of which one must hold. */
export function wanMatches(forward: Forward): Rule[] {
  const name = wanInterface(forward);
  if (familyOf(forward) === 6) return name === null ? [[]] : [[is(meta('iifname'), name)]];
  if (name !== null) {
    const outside = [is(meta('iifname'), name)];
    return hairpins(forward)
      ? [outside, [NOT_FROM_WAN, is(field('ip', 'daddr'), `@${wanSet(name)}`)]]
      : [outside];
  }
  return [
    [
      ...(forward.wan === null ? [] : [is(field('ip', 'daddr'), forward.wan)]),
      ...(hairpins(forward) ? [] : [FROM_WAN]),
    ],
  ];
}
