import type { Protocol } from '../../provider/rule/rule';
import { BASE_MAPS, BASE_SETS, baseChains } from './base';
import { type Element, elementName, type Place } from './compile';
import { canonical, type Json, listIn, member, type Rule, readRule } from './expression';
import { epochOf, FAMILY, isGroup, isTag, MAPS, type MapName, TABLE } from './names';
import type { Listed } from './nft';
import { protocolName } from './protocol-name';
import { FIXED_CHAINS, FIXED_MAPS, type Present, type Seeds } from './transaction';

/** Our table as the kernel holds it, taken apart but not yet understood. */
export interface LiveTable {
  readonly exists: boolean;
  readonly chains: ReadonlyMap<string, LiveChain>;
  /** Elements of the verdict maps; `chain` is empty where one does anything but jump. */
  readonly elements: readonly LiveElement[];
  /** Plain sets and their elements, as text. */
  readonly sets: ReadonlyMap<string, readonly string[]>;
  readonly counters: Seeds;
  readonly epoch: string | null;
  /** Equal as long as nobody touched the fixed part. */
  readonly fingerprint: string;
  /** Whether the fixed part looks like ours: every chain with its hook and its number of rules, every map and set. */
  readonly plausible: boolean;
}

export interface LiveChain {
  readonly hook: string;
  readonly rules: readonly Rule[];
}

export interface LiveElement extends Element {
  /** null: a key that we would never write. */
  readonly place: Place | null;
}

type Fields = Readonly<Record<string, Json>>;

/** Sorts the objects of a listing; those of other tables are passed over. Never throws. */
export function readTable(listed: readonly Listed[]): LiveTable {
  const chains = new Map<string, { hook: string; rules: Rule[] }>();
  const elements: LiveElement[] = [];
  const sets = new Map<string, readonly string[]>();
  const types = new Map<string, string>();
  const counters = new Map<string, { packets: number; bytes: number }>();
  let exists = false;
  let epoch: string | null = null;
  for (const object of listed) {
    const kind = Object.keys(object)[0] ?? '';
    const fields = object[kind] as Fields | undefined;
    if (!fields || fields.family !== FAMILY || (kind === 'table' ? fields.name : fields.table) !== TABLE)
      continue;
    const name = String(fields.name);
    if (kind === 'table') exists = true;
    else if (kind === 'chain') {
      const { type = '', hook = '', prio = '', policy = '' } = fields;
      chains.set(name, { hook: [type, hook, prio, policy].join(' ').trim(), rules: [] });
    } else if (kind === 'rule') {
      chains.get(String(fields.chain))?.rules.push(readRule(fields.expr));
    } else if (kind === 'counter') {
      const since = epochOf(name);
      if (since !== null) epoch ??= since;
      else counters.set(name, { packets: Number(fields.packets), bytes: Number(fields.bytes) });
    } else if (kind === 'set' || kind === 'map') {
      types.set(name, canonical([kind, fields.type ?? null, fields.map ?? null, flags(fields.flags)]));
      const members = Array.isArray(fields.elem) ? (fields.elem as Json[]) : [];
      if (kind === 'set') sets.set(name, members.map(canonical));
      else if (FIXED_MAPS.has(name as MapName))
        elements.push(...members.flatMap((one) => element(name as MapName, one)));
    }
  }
  const fixed = [...FIXED_CHAINS].map((name) => {
    const chain = chains.get(name);
    return chain ? `${name} ${chain.hook} ${canonical(chain.rules as Json)}` : '';
  });
  const named = [...BASE_SETS, ...BASE_MAPS].map(({ name }) => `${name} ${types.get(name)}`);
  const strangers = [...chains].filter(
    ([name, { hook }]) => hook !== '' && !FIXED_CHAINS.has(name) && !isTag(name) && !isGroup(name),
  );
  return {
    exists,
    chains,
    elements,
    sets,
    counters,
    epoch,
    fingerprint: [
      ...fixed,
      ...named,
      ...strangers.map(([name, chain]) => canonical([name, chain as never])),
    ].join('\n'),
    plausible:
      exists &&
      strangers.length === 0 &&
      named.every((text) => !text.endsWith('undefined')) &&
      baseChains(0).every(({ name, hook, rules }) => {
        const chain = chains.get(name);
        const wanted = hook ? `${hook.type} ${hook.hook} ${hook.prio} accept` : '';
        return chain?.hook === wanted && chain.rules.length === rules.length;
      }),
  };
}

/** The live objects as the starting point of a transaction; nothing is assumed of what the rules of a chain say. */
export function presentIn(live: LiveTable): Present {
  const named = [...live.chains.keys()].filter((name) => isTag(name) || isGroup(name));
  return {
    chains: new Map(named.map((name) => [name, undefined])),
    counters: new Set(live.counters.keys()),
    elements: new Map(live.elements.map((one) => [nameOf(one), one])),
  };
}

export function nameOf({ map, key, place }: LiveElement): string {
  return place ? elementName(map, place) : `${map} ${canonical(key)}`;
}

function flags(value: Json | undefined): Json {
  return value === undefined ? [] : Array.isArray(value) ? [...(value as string[])].sort() : [value];
}

function element(map: MapName, listed: Json): LiveElement[] {
  if (!Array.isArray(listed) || listed.length !== 2) return [];
  const [key, verdict] = listed as [Json, Json];
  const target = member(member(verdict, 'jump'), 'target');
  return [{ map, key, chain: typeof target === 'string' ? target : '', place: placeOf(map, key) }];
}

function placeOf(map: MapName, key: Json): Place | null {
  const parts = listIn(key, 'concat') ?? [key];
  const ports = portsOf(parts.at(-1) ?? null);
  if (!ports) return null;
  if (map === MAPS.tcpRanges4 || map === MAPS.udpRanges4) {
    return { protocol: map === MAPS.tcpRanges4 ? 'tcp' : 'udp', address: null, ...ports };
  }
  const protocol = protocolName(parts.at(-2) ?? null);
  if (protocol !== 'tcp' && protocol !== 'udp') return null;
  if (map === MAPS.ports4) return { protocol: protocol satisfies Protocol, address: null, ...ports };
  const address = parts[0];
  return typeof address === 'string' ? { protocol, address, ...ports } : null;
}

function portsOf(value: Json): { from: number; to: number } | null {
  if (typeof value === 'number') return { from: value, to: value };
  const range = listIn(value, 'range');
  const [from, to] = range ?? [];
  return typeof from === 'number' && typeof to === 'number' ? { from, to } : null;
}
