import type { Forward, PortSpan, Protocol } from '../../provider/rule/rule';
import { field, is, isNot, type Json, leave, meta, type Rule, type Statement } from './expression';
import type { KernelEntry } from './kernel';
import type { Markings } from './marking';
import { connectionsCounter } from './names';
import { familyOf, wanGuards } from './wan-match';

/**
 * The rules of an entry's own chain: whoever does not match goes back to the caller, whoever does is counted, marked
 * and sent on. Nothing but numbers, canonical addresses, names of interfaces and the tag gets in.
 * Throws `unsupported` for a WAN address of another family than the target.
 */
export function entryRules(entry: KernelEntry, markings: Markings): Rule[] {
  const { tag, forward } = entry;
  const family = familyOf(forward);
  const rules: Rule[] = wanGuards(forward).map((guard) => [...guard, leave]);
  if (forward.sources !== null) {
    rules.push([
      isNot(field(family === 4 ? 'ip' : 'ip6', 'saddr'), sourceSet(forward.sources, family)),
      leave,
    ]);
  }
  rules.push(admission(tag, forward, markings));
  if (family === 4) rules.push(...translations(forward));
  return rules;
}

/** What counts, marks and logs one connection. */
function admission(tag: string, forward: Forward, markings: Markings): Rule {
  const pinhole = familyOf(forward) === 6;
  return [
    { counter: connectionsCounter(tag) },
    ...(forward.log ? [{ log: { prefix: `pf ${tag} ` } }] : []),
    ...(pinhole ? markings.pinhole : markings.forward).written,
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

const IS = { tcp: is(meta('l4proto'), 'tcp'), udp: is(meta('l4proto'), 'udp') } as const;

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
    rules.push([IS[protocol], translate(forward, constant ? only.target : portMap(protocol, shifted))]);
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
