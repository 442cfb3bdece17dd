import { aggregate, parseCidr, printCidr } from '../../rule/address';
import type { PortRange } from '../../rule/ports';
import type { NftRule, Verdict } from './nft-chain';

type Words = Omit<NftRule, 'handle'>;
type Read = { -readonly [P in keyof Words]: P extends 'other' ? string[] : Words[P] };

/** Reads the words of one rule, one after the other. */
export function readWords(tokens: readonly string[]): Words {
  const rule: Read = {
    comment: null,
    family: null,
    protocols: null,
    sources: null,
    destinations: null,
    ports: null,
    verdict: { kind: 'none' },
    device: null,
    acceptsTranslated: false,
    other: [],
  };
  for (let at = 0; at < tokens.length; ) {
    const word = tokens[at] as string;
    const known = Object.hasOwn(READERS, word) ? READERS[word]?.(rule, tokens.slice(at + 1, at + 5)) : null;
    // What is not known is kept, and what follows it is read as if it stood alone: the rule counts as one that says more.
    if (known === null || known === undefined) rule.other.push(word);
    at += 1 + (known ?? 0);
  }
  return rule;
}

/** Takes what follows a word; answers how many words that were, or null where it is not known. */
type Reader = (rule: Read, next: readonly string[]) => number | null;

const READERS: Readonly<Record<string, Reader>> = {
  comment: (rule, [text = '']) => {
    rule.comment = unquote(text);
    return 1;
  },
  // -s leaves its numbers out; where they are not, they say nothing.
  counter: (_, [packets]) => (packets === 'packets' ? 4 : 0),
  log: (_, [prefix, , level]) => (prefix !== 'prefix' ? 0 : level === 'level' ? 4 : 2),
  meta: (rule, [key, value = '']) => {
    if (key === 'nfproto' && (value === 'ipv4' || value === 'ipv6')) rule.family = value === 'ipv4' ? 4 : 6;
    else if (key === 'l4proto' && value !== '!=') rule.protocols = listOf(value);
    else return null;
    return 2;
  },
  ip: (rule, next) => address(rule, 4, next),
  ip6: (rule, next) => address(rule, 6, next),
  tcp: (rule, next) => port(rule, 'tcp', next),
  udp: (rule, next) => port(rule, 'udp', next),
  iif: device,
  iifname: device,
  ct: (rule, [key, status]) => {
    if (key !== 'status' || status !== 'dnat') return null;
    rule.acceptsTranslated = true;
    return 2;
  },
  dnat: (rule, next) => {
    const family = next[0] === 'ip' || next[0] === 'ip6' ? 1 : 0;
    const to = next[family] === 'to' ? 1 : 0;
    const target = translation(next[family + to] ?? '');
    if (!target) return null;
    rule.verdict = { kind: 'dnat', ...target };
    return family + to + 1;
  },
  redirect: (rule, [to, port = '']) => {
    rule.verdict = { kind: 'redirect', ports: to === 'to' ? firstOf(port.replace(/^:/, '')) : null };
    return to === 'to' ? 2 : 0;
  },
  jump: (rule, [chain = '']) => verdict(rule, { kind: 'jump', chain }, 1),
  goto: (rule, [chain = '']) => verdict(rule, { kind: 'jump', chain }, 1),
  accept: (rule) => verdict(rule, { kind: 'accept' }, 0),
  drop: (rule) => verdict(rule, { kind: 'drop' }, 0),
  // `with tcp reset`, `with icmpx port-unreachable`: how, not what.
  reject: (rule, [how]) => verdict(rule, { kind: 'reject' }, how === 'with' ? 3 : 0),
};

function verdict(rule: Read, kind: Verdict, taken: number): number {
  rule.verdict = kind;
  return taken;
}

function device(rule: Read, [name = '']: readonly string[]): number | null {
  if (name === '!=' || name.startsWith('{')) return null;
  rule.device = unquote(name);
  return 1;
}

function address(rule: Read, family: 4 | 6, [side, value = '']: readonly string[]): number | null {
  const networks = networksOf(value);
  if ((side !== 'saddr' && side !== 'daddr') || !networks) return null;
  rule.family = family;
  if (side === 'saddr') rule.sources = networks;
  else rule.destinations = networks;
  return 2;
}

function port(rule: Read, protocol: string, [side, value = '']: readonly string[]): number | null {
  const ranges = side === 'dport' ? rangesOf(value) : null;
  if (!ranges) return null;
  rule.protocols = [protocol];
  rule.ports = ranges;
  return 2;
}

/** `192.168.1.10:80-89`, `[2001:db8::1]:80`, or without ports. */
function translation(text: string): { readonly address: string; readonly ports: PortRange | null } | null {
  const match = /^(?:\[([0-9a-f:]+)\]|([0-9.]+))(?::([0-9-]+))?$|^([0-9a-f:]+)$/i.exec(text);
  const address = match?.[1] ?? match?.[2] ?? match?.[4];
  return match && address !== undefined ? { address, ports: firstOf(match[3] ?? '') } : null;
}

function unquote(token: string): string {
  return token.replace(/^"|"$/g, '');
}

/** `{ a, b }`, or a single word. */
function listOf(token: string): string[] {
  const items = token.replace(/^\{|\}$/g, '').split(',');
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

function rangesOf(token: string): PortRange[] | null {
  const ranges = listOf(token).map((item) => {
    const match = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/.exec(item);
    const [from, to] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
    return match && from <= to && to <= 65535 ? { from, to } : null;
  });
  return ranges.length > 0 && ranges.every((range) => range !== null) ? ranges : null;
}

function firstOf(token: string): PortRange | null {
  return rangesOf(token)?.[0] ?? null;
}

function networksOf(token: string): readonly string[] | null {
  const cidrs = listOf(token).map((item) => parseCidr(item));
  if (cidrs.length === 0 || !cidrs.every((cidr) => cidr !== null)) return null;
  return aggregate(cidrs.map(printCidr));
}
