import { parseAddress, parseCidr } from '../../provider/rule/address';
import { PortforwardError } from '../../provider/rule/error';
import type { Forward, PortSpan, Protocol } from '../../provider/rule/rule';
import {
  accept,
  ct,
  drop,
  field,
  has,
  is,
  isNot,
  type Json,
  jump,
  leave,
  meta,
  type Rule,
  type Statement,
  setBit,
} from './expression';
import type { KernelEntry } from './kernel';
import { connectionsCounter, deniedCounter, SETS, wanSet } from './names';

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

/**
 * The rules of an entry's own chain: whoever does not match goes back to the caller, whoever does is counted, marked
 * and sent on. Nothing but numbers, canonical addresses, names of interfaces and the tag gets in.
 * Throws `unsupported` for a WAN address of another family than the target.
 */
export function entryRules(entry: KernelEntry, mark: number): Rule[] {
  const { tag, forward } = entry;
  const family = familyOf(forward);
  const rules: Rule[] = wanGuards(forward).map((guard) => [...guard, leave]);
  if (forward.sources !== null) {
    rules.push([
      isNot(field(family === 4 ? 'ip' : 'ip6', 'saddr'), sourceSet(forward.sources, family)),
      leave,
    ]);
  }
  rules.push(admission(tag, forward, mark));
  if (family === 4) rules.push(...translations(forward));
  return rules;
}

/** What counts, marks and logs one connection. A pinhole ends here, for there is nothing to translate. */
export function admission(tag: string, forward: Pick<Forward, 'log' | 'target'>, mark: number): Rule {
  const pinhole = forward.target.kind === 'host' && forward.target.family === 6;
  return [
    { counter: connectionsCounter(tag) },
    ...(forward.log ? [{ log: { prefix: `pf ${tag} ` } }] : []),
    setBit(ct('mark'), mark),
    ...(pinhole ? [setBit(meta('mark'), mark), accept] : []),
  ];
}

/**
 * The rules of a chain that tries entries in turn. Only after the last is a packet denied: counted for every entry
 * that would have taken it from another source, then dropped, lest it reach a service of the gateway itself.
 */
export function groupRules(entries: readonly KernelEntry[]): Rule[] {
  const rules: Rule[] = entries.map(({ tag }) => [jump(tag)]);
  const drops: Rule[] = [];
  for (const { tag, forward } of entries) {
    if (forward.sources === null) continue;
    for (const match of wanMatches(forward)) {
      rules.push([...match, { counter: deniedCounter(tag) }]);
      drops.push([...match, drop]);
    }
  }
  const everything = drops.find((rule) => rule.length === 1);
  if (everything) return [...rules, everything];
  const seen = new Set<string>();
  return [
    ...rules,
    ...drops.filter((rule) => !seen.has(JSON.stringify(rule)) && seen.add(JSON.stringify(rule))),
  ];
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
function wanMatches(forward: Forward): Rule[] {
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

function sourceSet(sources: readonly string[], family: 4 | 6): Json {
  const elements = sources.map((text): Json => {
    const [address, length] = text.split('/') as [string, string];
    return Number(length) === (family === 4 ? 32 : 128)
      ? address
      : { prefix: { addr: address, len: Number(length) } };
  });
  return { set: elements };
}

/** Where connections go. Ports that keep their number need no rule of their own beside the last. */
function translations(forward: Forward): Rule[] {
  const rules: Rule[] = [];
  let kept = false;
  for (const { protocol, ports } of forward.traffic) {
    const shifted = ports.filter(({ from, target }) => from !== target);
    kept ||= shifted.length < ports.length;
    const [only] = shifted;
    if (!only) continue;
    const constant = ports.length === 1 && only.from === only.to;
    rules.push([
      is(meta('l4proto'), protocol),
      translate(forward, constant ? only.target : portMap(protocol, shifted)),
    ]);
  }
  if (kept) rules.push([translate(forward, null)]);
  return rules;
}

/**
 * Port by port: with a range as destination (`dnat to A:9000-9010`) this kernel sends every connection to its first
 * port, and nft has no base offset as iptables has.
 */
function portMap(protocol: Protocol, spans: readonly PortSpan[]): Json {
  const pairs: Json[] = [];
  for (const { from, to, target } of spans) {
    for (let port = from; port <= to; port++) pairs.push([port, target + port - from]);
  }
  return { map: { key: field(protocol, 'dport'), data: { set: pairs } } };
}

function translate(forward: Forward, port: Json): Statement {
  const { target } = forward;
  if (target.kind === 'gateway') return { redirect: port === null ? null : { port } };
  return { dnat: { family: 'ip', addr: target.address, ...(port === null ? {} : { port }) } };
}

/** Refuses what must never reach nft, whose JSON hands every text it does not know to the resolver. */
export function checkEntry({ tag, forward }: KernelEntry): void {
  const family = familyOf(forward);
  const wan = forward.wan === null ? null : parseAddress(forward.wan);
  if (wan && (family === 6 || wan.family === 6)) {
    const why =
      family === 6 ? 'A pinhole has no public address but its own' : 'An IPv4 forward needs an IPv4 address';
    throw new PortforwardError('unsupported', `${why}: wan ${forward.wan} cannot be.`, {
      property: 'wan',
      hint: 'Name the WAN interface instead, or leave wan out.',
    });
  }
  const ports = forward.traffic.flatMap(({ ports }) => ports);
  const sound =
    (wan !== null || forward.wan === null || /^[A-Za-z0-9_.-]{1,15}$/.test(forward.wan)) &&
    (forward.target.kind === 'gateway' || parseAddress(forward.target.address)?.family === family) &&
    (forward.sources ?? []).every((source) => source.includes('/') && parseCidr(source)?.family === family) &&
    forward.traffic.every(({ protocol }) => protocol === 'tcp' || protocol === 'udp') &&
    ports.length > 0 &&
    ports.every(
      ({ from, to, target }) => isPort(from) && isPort(to) && from <= to && isPort(target + to - from),
    );
  if (!sound) throw new PortforwardError('internal', `The entry ${tag} is not in normal form.`);
  if (family === 6 && ports.some(({ from, target }) => from !== target)) {
    throw new PortforwardError('unsupported', 'A pinhole translates nothing, so its ports cannot change.', {
      property: 'internalPort',
    });
  }
}

const isPort = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 65535;

/** Connection state of the dispatch chain of pinholes, which sees every forwarded packet. */
export const NEW = has(ct('state'), 'new');
