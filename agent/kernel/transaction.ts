import { BASE_MAPS, BASE_SETS, baseChains } from './base';
import { type Compiled, type Element, sameRules } from './compile';
import { concat, type Json, type Rule } from './expression';
import { CHAINS, epochCounter, FAMILY, MAPS, type MapName, SETS, TABLE, wanSet } from './names';
import { type Network, wanAddresses4 } from './network';

/** One command of a batch, in nft's JSON. */
export type Command = Readonly<Record<string, Json>>;

const at = { family: FAMILY, table: TABLE };
const add = (kind: string, object: Record<string, Json>): Command => ({
  add: { [kind]: { ...at, ...object } },
});
const create = (kind: string, object: Record<string, Json>): Command => ({
  create: { [kind]: { ...at, ...object } },
});
const addCounter = (name: string): Command => ({ add: { counter: { family: FAMILY, table: TABLE, name } } });
const addRule = (chain: string, expr: Rule): Command => ({
  add: { rule: { family: FAMILY, table: TABLE, chain, expr: expr as Json } },
});
const remove = (kind: string, object: Record<string, Json>): Command => ({
  delete: { [kind]: { ...at, ...object } },
});
const flush = (kind: string, name: string): Command => ({ flush: { [kind]: { ...at, name } } });

/** The text that `nft -j -f` reads. All of it happens, or nothing. */
export function batchText(commands: readonly Command[]): string {
  return JSON.stringify({ nftables: commands });
}

/** What is there now of the objects that a transaction may touch. */
export interface Present {
  /** Names of chains, and their rules where they are known to be what we wrote. */
  readonly chains: ReadonlyMap<string, readonly Rule[] | undefined>;
  readonly counters: ReadonlySet<string>;
  readonly elements: ReadonlyMap<string, Element>;
}

/**
 * The commands from `present` to `after`. Untouched objects are not named, so their counters and connections live on,
 * and the size of the batch is that of the change.
 */
export function transaction(present: Present, after: Compiled, network: Network): Command[] {
  const commands: Command[] = [];
  const changed = [...after.chains].filter(([name, rules]) => !sameRules(present.chains.get(name), rules));
  // Adding a set that is there already changes nothing; the chains that name it may be new.
  if (changed.length > 0) for (const wan of after.wans) commands.push(...wanSetCommands(wan, network));
  for (const name of after.counters) if (!present.counters.has(name)) commands.push(addCounter(name));
  for (const [name] of changed) {
    // One that is there although we believe it is not would keep its rules before ours: `create` fails then.
    commands.push(present.chains.has(name) ? flush('chain', name) : create('chain', { name }));
  }
  for (const [name, rules] of changed) {
    for (const expr of rules) commands.push(addRule(name, expr));
  }
  const gone = [...present.elements].filter(([name, { chain }]) => after.elements.get(name)?.chain !== chain);
  const come = [...after.elements].filter(([name, { chain }]) => present.elements.get(name)?.chain !== chain);
  commands.push(
    ...elementCommands(
      'delete',
      gone.map(([, element]) => element),
    ),
  );
  commands.push(
    ...elementCommands(
      'add',
      come.map(([, element]) => element),
    ),
  );
  const chainsGone = [...present.chains.keys()].filter((name) => !after.chains.has(name));
  // Emptied first: they may jump to each other.
  for (const name of chainsGone) commands.push(flush('chain', name));
  for (const name of chainsGone) commands.push(remove('chain', { name }));
  for (const name of present.counters) {
    if (!after.counters.has(name)) commands.push(remove('counter', { name }));
  }
  return commands;
}

/** Values that named counters begin with. */
export type Seeds = ReadonlyMap<string, { readonly packets: number; readonly bytes: number }>;

/** The whole table anew in one transaction: whatever was in it is gone, and there is no moment without it. */
export function wholeTable(
  after: Compiled,
  network: Network,
  options: { readonly mark: number; readonly epoch: string; readonly seeds: Seeds },
): Command[] {
  const table = { family: FAMILY, name: TABLE };
  // nft 1.0.6 knows no `destroy`: adding first makes the deletion safe.
  const commands: Command[] = [{ add: { table } }, { delete: { table } }, { add: { table } }];
  for (const { name, type } of BASE_SETS) commands.push(add('set', { name, type }));
  for (const wan of wanNames(after, network)) commands.push(...wanSetCommands(wan, network));
  commands.push(...networkCommands(network));
  for (const name of after.counters) {
    const seed = options.seeds.get(name);
    commands.push(add('counter', { name, ...(seed ? { packets: seed.packets, bytes: seed.bytes } : {}) }));
  }
  commands.push(addCounter(epochCounter(options.epoch)));
  for (const [name] of after.chains) commands.push(add('chain', { name }));
  // With their elements at once: nft 1.0.6 cannot add elements to an interval map that the same batch makes.
  const elementsOf = byMap(after.elements.values());
  for (const { name, type, interval } of BASE_MAPS) {
    const elements = elementsOf.get(name) ?? [];
    commands.push(
      add('map', {
        name,
        type,
        map: 'verdict',
        ...(interval ? { flags: ['interval'] } : {}),
        ...(elements.length > 0 ? { elem: elements.map(pair) } : {}),
      }),
    );
  }
  for (const [chain, rules] of after.chains) {
    for (const expr of rules) commands.push(addRule(chain, expr));
  }
  for (const { name, hook, rules } of baseChains(options.mark)) {
    commands.push(add('chain', { name, ...(hook ? { ...hook, policy: 'accept' } : {}) }));
    for (const expr of rules) commands.push(addRule(name, expr));
  }
  return commands;
}

/** Brings the sets that follow the interfaces and addresses up to date. */
export function networkCommands(network: Network, wans: Iterable<string> = []): Command[] {
  const names = new Set([...network.wans.map(({ name }) => name), ...wans]);
  return [
    ...refill(
      SETS.wanInterfaces,
      network.wans.map(({ name }) => name),
    ),
    ...refill(SETS.wanAddresses, wanAddresses4(network)),
    ...refill(
      SETS.hairpinPairs,
      network.lanInterfaces.map((name) => concat(name, name)),
    ),
    ...[...names].flatMap((name) => wanSetCommands(name, network)),
  ];
}

/** Every interface that has a set of its own. */
export function wanNames(after: Pick<Compiled, 'wans'>, network: Network): string[] {
  return [...new Set([...network.wans.map(({ name }) => name), ...after.wans])];
}

function wanSetCommands(name: string, network: Network): Command[] {
  const set = wanSet(name);
  return [add('set', { name: set, type: 'ipv4_addr' }), ...refill(set, wanAddresses4(network, name))];
}

function refill(name: string, elem: Json[]): Command[] {
  return [flush('set', name), ...(elem.length > 0 ? [add('element', { name, elem })] : [])];
}

function elementCommands(verb: 'add' | 'delete', elements: readonly Element[]): Command[] {
  return [...byMap(elements)].map(([name, members]) => ({
    [verb]: { element: { ...at, name, elem: members.map(verb === 'add' ? pair : ({ key }) => key) } },
  }));
}

function byMap(elements: Iterable<Element>): Map<MapName, Element[]> {
  const groups = new Map<MapName, Element[]>();
  for (const element of elements) {
    const group = groups.get(element.map);
    if (group) group.push(element);
    else groups.set(element.map, [element]);
  }
  return groups;
}

const pair = ({ key, chain }: Element): Json => [key, { jump: { target: chain } }];

/** Names that the fixed part of the table uses. */
export const FIXED_CHAINS: ReadonlySet<string> = new Set(Object.values(CHAINS));
export const FIXED_MAPS: ReadonlySet<MapName> = new Set(Object.values(MAPS));
