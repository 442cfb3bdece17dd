import { aggregate, parseAddress, printAddress, printCidr, widenCidr } from '../../provider/rule/address';
import { rangeToCidrs } from './cidr-range';
import { type Json, listIn, member, type Rule } from './expression';
import { readMatch } from './match';
import { SETS, wanOfSet } from './names';

const WAN_SET = `@${SETS.wanInterfaces}`;

/** A rule that sends back to the caller whoever it does not let pass. */
export type Guard =
  | { readonly kind: 'outside-only' }
  /** Of an interface that LAN hosts may call too there are two rules: one for callers outside, one for those inside. */
  | {
      readonly kind: 'wan';
      readonly wan: string;
      readonly part: 'address' | 'interface' | 'outside' | 'inside';
    }
  | { readonly kind: 'sources'; readonly sources: readonly string[] };

/** Null for a rule that is no guard of ours. */
export function readGuard(rule: Rule): Guard | null {
  if (rule.length < 2 || rule.at(-1)?.return !== null) return null;
  const matches = rule.slice(0, -1).map(readMatch);
  const [first, second] = matches;
  if (!first || matches.includes(null) || matches.length > 2) return null;
  const lone = matches.length === 1 ? first : second;
  if (lone?.op !== '!=') return null;
  if (second) {
    if (first.left !== 'iifname' || first.right !== WAN_SET) return null;
    if (first.op === '==' && second.left === 'iifname') return interfaceGuard(second.right, 'outside');
    const set = typeof second.right === 'string' ? wanOfSet(second.right.replace(/^@/, '')) : null;
    const inside = first.op === '!=' && second.left === 'ip daddr' && set !== null;
    return inside ? { kind: 'wan', wan: set, part: 'inside' } : null;
  }
  if (lone.left === 'iifname') {
    return lone.right === WAN_SET ? { kind: 'outside-only' } : interfaceGuard(lone.right, 'interface');
  }
  if (lone.left === 'ip daddr') {
    const address = parseAddress(lone.right);
    return address ? { kind: 'wan', wan: printAddress(address), part: 'address' } : null;
  }
  if (lone.left !== 'ip saddr' && lone.left !== 'ip6 saddr') return null;
  const sources = readSources(lone.right);
  return sources ? { kind: 'sources', sources } : null;
}

function interfaceGuard(name: Json, part: 'interface' | 'outside'): Guard | null {
  return typeof name === 'string' && /^[A-Za-z0-9_.-]{1,15}$/.test(name)
    ? { kind: 'wan', wan: name, part }
    : null;
}

/** Networks as nft lists them: an address, a prefix, a range, or a set of these. Null for anything else. */
export function readSources(value: Json): readonly string[] | null {
  const members = listIn(value, 'set') ?? [value];
  const cidrs: string[] = [];
  for (const one of members) {
    const range = listIn(one, 'range');
    const parts = range && rangeToCidrs(range[0], range[1]);
    if (range && !parts) return null;
    if (parts) {
      cidrs.push(...parts);
      continue;
    }
    const prefix = member(one, 'prefix');
    const cidr = widenCidr(
      prefix ? `${String(member(prefix, 'addr'))}/${String(member(prefix, 'len'))}` : one,
    );
    if (!cidr?.exact) return null;
    cidrs.push(printCidr(cidr.cidr));
  }
  return cidrs.length === 0 ? null : aggregate(cidrs);
}
