import { aggregate, parseAddress, printAddress, printCidr, widenCidr } from '../../provider/rule/address';
import type { Protocol } from '../../provider/rule/rule';
import { rangeToCidrs } from './cidr-range';
import {
  accept,
  canonical,
  ct,
  equalJson,
  type Json,
  listIn,
  member,
  meta,
  type Rule,
  setBit,
} from './expression';
import { connectionsCounter, SETS, wanOfSet } from './names';

/** What an entry's own chain says; ports and pinhole addresses come from the elements that lead to it. */
export interface DecodedChain {
  readonly wan: string | null;
  readonly hairpin: boolean;
  readonly sources: readonly string[] | null;
  readonly log: boolean;
  readonly target: { readonly kind: 'host'; readonly address: string } | { readonly kind: 'gateway' } | null;
  /** Where a port goes; null = nowhere. */
  readonly portOf: (protocol: Protocol, port: number) => number | null;
  /** True when no port of this protocol changes. */
  readonly keeps: (protocol: Protocol) => boolean;
  /** Rules that are not in our words; null = none. */
  readonly restriction: string | null;
}

type Route = { readonly constant: number } | { readonly map: ReadonlyMap<number, number> };

/** Reads an entry's chain. A rule that it does not understand becomes a restriction in words; it never throws. */
export function decodeChain(tag: string, rules: readonly Rule[], mark: number): DecodedChain {
  const odd: string[] = [];
  const routes = new Map<Protocol, Route>();
  const targets: string[] = [];
  let fallback = false;
  let pinhole = false;
  let wan: string | null = null;
  let outsideOnly = false;
  let sources: readonly string[] | null = null;
  let log = false;
  let admitted = 0;
  let guessed: string | null = null;
  /** Guards come first, then one admission, then translations: another order means something else. */
  let stage = 0;
  const reach = (next: number) => {
    const inOrder = next >= stage;
    stage = Math.max(stage, next);
    return inOrder;
  };
  for (const rule of rules) {
    const guard = readGuard(rule);
    if (guard && reach(0)) {
      if (guard.kind === 'outside-only' && !outsideOnly) outsideOnly = true;
      else if (guard.kind === 'wan' && (wan === null || (wan === guard.wan && guard.inside))) {
        wan = guard.wan;
        if (guard.exact) outsideOnly = true;
      } else if (guard.kind === 'sources' && sources === null) sources = guard.sources;
      else odd.push(inWords(rule));
      continue;
    }
    const admission = readAdmission(tag, rule, mark);
    if (admission && reach(1) && ++admitted === 1) {
      log = admission.log;
      pinhole = admission.pinhole;
      continue;
    }
    const translation = readTranslation(rule);
    if (translation && reach(2) && !pinhole && !fallback) {
      targets.push(translation.target);
      if (translation.protocol === null) fallback = true;
      else if (routes.has(translation.protocol)) odd.push(inWords(rule));
      else routes.set(translation.protocol, translation.route);
      continue;
    }
    odd.push(inWords(rule));
    // Under a condition that is not ours, but there: better a forward with a restriction than none.
    guessed ??= targetOf(rule.at(-1));
  }
  if (admitted === 0) odd.push('its counter and mark are missing');
  if (new Set(targets).size > 1) odd.push(`it goes to several targets: ${[...new Set(targets)].join(', ')}`);
  const target = targets[0] ?? guessed ?? undefined;
  return {
    wan,
    hairpin: !outsideOnly,
    sources,
    log,
    target:
      target === undefined
        ? null
        : target === GATEWAY
          ? { kind: 'gateway' }
          : { kind: 'host', address: target },
    keeps: (protocol) => !routes.has(protocol) && (fallback || pinhole),
    portOf(protocol, port) {
      const route = routes.get(protocol);
      const other = fallback || pinhole || targets.length === 0 ? port : null;
      if (!route) return other;
      return 'constant' in route ? route.constant : (route.map.get(port) ?? other);
    },
    restriction: odd.length === 0 ? null : `changed by hand: ${odd.join('; ')}`,
  };
}

const GATEWAY = 'gateway';
const WAN_SET = `@${SETS.wanInterfaces}`;

type Guard =
  | { readonly kind: 'outside-only' }
  /** `inside` = the half that serves LAN hosts; `exact` = whole, and nobody inside is served. */
  | { readonly kind: 'wan'; readonly wan: string; readonly inside: boolean; readonly exact: boolean }
  | { readonly kind: 'sources'; readonly sources: readonly string[] };

interface Match {
  readonly op: string;
  readonly left: string;
  readonly right: Json;
}

function readGuard(rule: Rule): Guard | null {
  if (rule.length < 2 || rule.at(-1)?.return !== null) return null;
  const matches = rule.slice(0, -1).map(readMatch);
  const [first, second] = matches;
  if (!first || matches.includes(null) || matches.length > 2) return null;
  const lone = matches.length === 1 ? first : second;
  if (lone?.op !== '!=') return null;
  if (second) {
    if (first.left !== 'iifname' || first.right !== WAN_SET) return null;
    if (first.op === '==' && second.left === 'iifname') return interfaceGuard(second.right, false);
    const set = typeof second.right === 'string' ? wanOfSet(second.right.replace(/^@/, '')) : null;
    const inside = first.op === '!=' && second.left === 'ip daddr' && set !== null;
    return inside ? { kind: 'wan', wan: set, inside: true, exact: false } : null;
  }
  if (lone.left === 'iifname') {
    return lone.right === WAN_SET ? { kind: 'outside-only' } : interfaceGuard(lone.right, true);
  }
  if (lone.left === 'ip daddr') {
    const address = parseAddress(lone.right);
    return address ? { kind: 'wan', wan: printAddress(address), inside: false, exact: false } : null;
  }
  if (lone.left !== 'ip saddr' && lone.left !== 'ip6 saddr') return null;
  const sources = readSources(lone.right);
  return sources ? { kind: 'sources', sources } : null;
}

function interfaceGuard(name: Json, exact: boolean): Guard | null {
  return typeof name === 'string' && /^[A-Za-z0-9_.-]{1,15}$/.test(name)
    ? { kind: 'wan', wan: name, inside: false, exact }
    : null;
}

/** Networks as nft lists them: an address, a prefix, a range, or a set of these. Null for anything else. */
export function readSources(value: Json): readonly string[] | null {
  const members = listIn(value, 'set') ?? [value];
  const cidrs: string[] = [];
  for (const member of members) {
    const { prefix, range } = (member ?? {}) as {
      prefix?: { addr: Json; len: Json };
      range?: readonly Json[];
    };
    if (range) {
      const parts = rangeToCidrs(range[0], range[1]);
      if (!parts) return null;
      cidrs.push(...parts);
      continue;
    }
    const cidr = widenCidr(prefix ? `${String(prefix.addr)}/${String(prefix.len)}` : member);
    if (!cidr?.exact) return null;
    cidrs.push(printCidr(cidr.cidr));
  }
  return cidrs.length === 0 ? null : aggregate(cidrs);
}

function readAdmission(tag: string, rule: Rule, mark: number): { log: boolean; pinhole: boolean } | null {
  if (rule[0]?.counter !== connectionsCounter(tag)) return null;
  const written = rule[1]?.log;
  const log = member(written, 'prefix') === `pf ${tag} ` && Object.keys(written as object).length === 1;
  const rest = rule.slice(log ? 2 : 1) as Json;
  if (equalJson(rest, [setBit(ct('mark'), mark)] as Json)) return { log, pinhole: false };
  const pinhole = [setBit(ct('mark'), mark), setBit(meta('mark'), mark), accept] as Json;
  return equalJson(rest, pinhole) ? { log, pinhole: true } : null;
}

type Translation = { readonly target: string } & (
  | { readonly protocol: null }
  | { readonly protocol: Protocol; readonly route: Route }
);

function targetOf(statement: Rule[number] | undefined): string | null {
  if (!statement) return null;
  if ('redirect' in statement) return GATEWAY;
  const { dnat } = statement;
  const address = member(dnat, 'family') === 'ip' ? parseAddress(member(dnat, 'addr')) : null;
  return address ? printAddress(address) : null;
}

function readTranslation(rule: Rule): Translation | null {
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
    rule.length === 1 ? keyed : match?.op === '==' && match.left === 'l4proto' ? match.right : null;
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

function readMatch(statement: Rule[number]): Match | null {
  const match = statement.match as { op?: Json; left?: Json; right?: Json } | undefined;
  const left = (match?.left ?? null) as {
    meta?: { key?: Json };
    payload?: { protocol?: Json; field?: Json };
  } | null;
  if (!match || typeof match.op !== 'string' || !left) return null;
  const name = left.meta
    ? String(left.meta.key)
    : left.payload
      ? `${left.payload.protocol} ${left.payload.field}`
      : '';
  return { op: match.op, left: name, right: match.right ?? null };
}

/** A rule of somebody else's for a message: its JSON, cut short. */
function inWords(rule: Rule): string {
  const text = canonical(rule as Json);
  return `a rule ${text.length > 200 ? `${text.slice(0, 200)}…` : text}`;
}
