import { type Json, member, type Statement } from './expression';
import { compare, matches, type Packet, type Truth } from './packet-match';
import { elementsOf, type ForeignChain, type ForeignTable } from './ruleset';

/** `unknown`: it hangs on something that we cannot tell, such as the sender. */
export type Fate = 'accept' | 'drop' | 'unknown';

/** What a base chain does with the packet. Pure, never throws. */
export function fateOf(table: ForeignTable, chain: ForeignChain, packet: Packet): Fate {
  return walk(table, chain, packet, 0) ?? (chain.base?.policy === 'drop' ? 'drop' : 'accept');
}

/** null = the packet comes back to the caller. */
function walk(
  table: ForeignTable,
  chain: ForeignChain | undefined,
  packet: Packet,
  depth: number,
): Fate | null {
  if (!chain || depth > 16) return 'unknown';
  for (const { statements } of chain.rules) {
    let truth: Truth = true;
    for (const statement of statements) {
      const verdict = verdictOf(table, statement, packet);
      if (verdict === null) {
        const match = matches(table, statement, packet);
        truth = match === false ? false : match === null ? null : truth;
        if (truth === false) break;
        continue;
      }
      const fate = follow(table, verdict, packet, depth);
      if (fate === 'back') {
        if (truth) return null;
      } else if (fate === 'end') {
        // A goto that comes to its end does not come back here.
        return truth ? null : 'unknown';
      } else if (fate !== null) {
        if (truth) return fate;
        // It may be let in here, or asked elsewhere: nobody knows. It may be dropped here: then look on.
        if (fate !== 'drop') return 'unknown';
      }
      break;
    }
  }
  return null;
}

function follow(
  table: ForeignTable,
  verdict: Json,
  packet: Packet,
  depth: number,
): Fate | 'back' | 'end' | null {
  const [word, argument] = Object.entries((verdict ?? {}) as Record<string, Json>)[0] ?? ['', null];
  if (word === 'accept') return 'accept';
  if (word === 'drop' || word === 'reject') return 'drop';
  if (word === 'return') return 'back';
  if (word === 'continue') return null;
  if (word !== 'jump' && word !== 'goto') return 'unknown';
  const target = String(member(argument, 'target'));
  const fate = walk(table, table.chains.get(target), packet, depth + 1);
  return fate === null && word === 'goto' ? 'end' : fate;
}

const VERDICTS = ['accept', 'drop', 'reject', 'return', 'jump', 'goto', 'queue'];

/** The verdict that a statement is or looks up; null = it is none, or its map has none for this packet. */
function verdictOf(table: ForeignTable, statement: Statement, packet: Packet): Json {
  const word = Object.keys(statement)[0] ?? '';
  if (VERDICTS.includes(word)) return statement as Json;
  if (word !== 'vmap') return null;
  const key = member(statement.vmap, 'key') ?? null;
  const elements = elementsOf(table, member(statement.vmap, 'data') ?? null);
  if (!elements) return { queue: null };
  for (const pair of elements) {
    const [value, verdict] = Array.isArray(pair) ? (pair as [Json, Json]) : [null, null];
    const match = compare(table, key, value, packet);
    if (match === null) return { queue: null };
    if (match) return verdict;
  }
  return null;
}
