import { type Json, member, type Rule, readRule } from './expression';
import { FAMILY, TABLE } from './names';
import type { Listed } from './nft';
import { readRuleText } from './rule-text';

/** A table of somebody else, read and never written. */
export interface ForeignTable {
  readonly family: string;
  readonly name: string;
  readonly chains: ReadonlyMap<string, ForeignChain>;
  /** Elements of its named sets and maps. */
  readonly sets: ReadonlyMap<string, readonly Json[]>;
}

export interface ForeignChain {
  readonly name: string;
  /** Where the kernel enters it; null for a chain that is only jumped to. */
  readonly base: {
    readonly type: string;
    readonly hook: string;
    readonly prio: number;
    readonly policy: string;
  } | null;
  readonly rules: readonly { readonly handle: number; readonly statements: Rule }[];
}

type Fields = Readonly<Record<string, Json>>;

/** Families whose hooks our packets pass. */
const FAMILIES = ['ip', 'ip6', 'inet'];

/**
 * The tables that are not ours, from their listings. `texts` = the rules that iptables made, by table, chain and
 * handle: nft says in text what its JSON leaves out of them. Pure, never throws.
 */
export function readForeignTables(listed: readonly Listed[], texts: RuleTexts = new Map()): ForeignTable[] {
  const tables = new Map<
    string,
    ForeignTable & { chains: Map<string, ForeignChain>; sets: Map<string, readonly Json[]> }
  >();
  for (const object of listed) {
    const [kind, fields] = (Object.entries(object)[0] ?? ['', {}]) as [string, Fields];
    const family = String(fields?.family);
    const name = String(kind === 'table' ? fields?.name : fields?.table);
    if (!FAMILIES.includes(family) || (family === FAMILY && name === TABLE)) continue;
    let table = tables.get(`${family} ${name}`);
    if (!table) {
      table = { family, name, chains: new Map(), sets: new Map() };
      tables.set(`${family} ${name}`, table);
    }
    const own = String(fields.name);
    if (kind === 'chain') table.chains.set(own, { name: own, base: baseOf(fields), rules: [] });
    else if (kind === 'set' || kind === 'map') {
      table.sets.set(own, Array.isArray(fields.elem) ? (fields.elem as Json[]) : []);
    } else if (kind === 'rule') {
      const chain = table.chains.get(String(fields.chain));
      const text = texts.get(textKey(family, name, String(fields.chain), Number(fields.handle)));
      const listing = readRule(fields.expr);
      const statements = text !== undefined && hasXt(listing) ? readRuleText(text) : listing;
      (chain?.rules as { handle: number; statements: Rule }[] | undefined)?.push({
        handle: Number(fields.handle),
        statements,
      });
    }
  }
  return [...tables.values()];
}

export type RuleTexts = ReadonlyMap<string, string>;

/** True when iptables wrote some of it, so that its text says more than its JSON. */
export function needsText(listed: readonly Listed[]): boolean {
  return listed.some(({ rule }) => rule !== undefined && hasXt(readRule(member(rule, 'expr'))));
}

/** Rules by table, chain and handle, from `nft -a list`. */
export function readTexts(text: string): RuleTexts {
  const texts = new Map<string, string>();
  let table = '';
  let chain = '';
  for (const line of text.split('\n')) {
    const heading = /^\s*(table|chain) (.+?) \{/.exec(line);
    if (heading?.[1] === 'table') table = heading[2] as string;
    else if (heading) chain = heading[2] as string;
    const rule = /^\s+(.*\S)\s+# handle (\d+)\s*$/.exec(line);
    if (!heading && rule) texts.set(`${table} ${chain} ${rule[2]}`, rule[1] as string);
  }
  return texts;
}

const textKey = (family: string, table: string, chain: string, handle: number): string =>
  `${family} ${table} ${chain} ${handle}`;

function hasXt(rule: Rule): boolean {
  return rule.some((statement) => 'xt' in statement);
}

function baseOf({ type, hook, prio, policy }: Fields): ForeignChain['base'] {
  if (typeof hook !== 'string') return null;
  return { type: String(type), hook, prio: Number(prio), policy: String(policy ?? 'accept') };
}

/** Elements of an anonymous or a named set, without their time-outs and counters; null = not known. */
export function elementsOf(table: ForeignTable, value: Json): readonly Json[] | null {
  const anonymous = member(value, 'set');
  const found = typeof value === 'string' ? table.sets.get(value.replace(/^@/, '')) : anonymous;
  if (found === undefined || found === null) return null;
  const list = (Array.isArray(found) ? found : [found]) as readonly Json[];
  return list.map((one) => member(member(one, 'elem'), 'val') ?? one);
}
