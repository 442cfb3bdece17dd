import { parseAddress, printAddress } from '../../provider/rule/address';
import type { Protocol } from '../../provider/rule/rule';
import { listIn, member, type Rule } from './expression';
import { readMatch } from './match';
import { protocolName } from './protocol-name';

/** Stands for the gateway itself where an address would stand. */
export const GATEWAY = 'gateway';

/** Where ports go: all to one, or each to its own. */
export type Route = { readonly constant: number } | { readonly map: ReadonlyMap<number, number> };

/** `protocol` null = every port keeps its number. */
export type Translation = { readonly target: string } & (
  | { readonly protocol: null }
  | { readonly protocol: Protocol; readonly route: Route }
);

/** The target of a dnat or redirect; null for any other statement. */
export function targetOf(statement: Rule[number] | undefined): string | null {
  if (!statement) return null;
  if ('redirect' in statement) return GATEWAY;
  const { dnat } = statement;
  const address = member(dnat, 'family') === 'ip' ? parseAddress(member(dnat, 'addr')) : null;
  return address ? printAddress(address) : null;
}

/** Null for a rule that is no translation of ours. */
export function readTranslation(rule: Rule): Translation | null {
  const last = rule.at(-1);
  const target = targetOf(last);
  if (target === null) return null;
  const port = member(last?.dnat ?? last?.redirect, 'port');
  if (port === undefined || port === null) return rule.length === 1 ? { target, protocol: null } : null;
  const given = member(port, 'map');
  const key = member(member(given, 'key'), 'payload');
  const keyed = member(key, 'field') === 'dport' ? member(key, 'protocol') : undefined;
  const match = rule.length === 2 ? readMatch(rule[0] as Rule[number]) : null;
  // Newer nft leaves out the match that the map's key implies.
  const protocol =
    rule.length === 1
      ? keyed
      : match?.op === '==' && match.left === 'l4proto'
        ? protocolName(match.right)
        : null;
  if (protocol !== 'tcp' && protocol !== 'udp') return null;
  if (typeof port === 'number') return { target, protocol, route: { constant: port } };
  const pairs = listIn(member(given, 'data'), 'set');
  if ((keyed !== protocol && keyed !== 'th') || !pairs) return null;
  const map = new Map<number, number>();
  for (const pair of pairs) {
    const [from, to] = Array.isArray(pair) ? pair : [];
    if (typeof from !== 'number' || typeof to !== 'number') return null;
    map.set(from, to);
  }
  return { target, protocol, route: { map } };
}
