import type { PortRange } from '../../rule/ports';
import { readWords } from './nft-words';

/** Where a rule of the ruleset sends what it matches. */
export type Verdict =
  | { readonly kind: 'dnat'; readonly address: string; readonly ports: PortRange | null }
  | { readonly kind: 'redirect'; readonly ports: PortRange | null }
  | { readonly kind: 'jump'; readonly chain: string }
  | { readonly kind: 'accept' | 'drop' | 'reject' | 'none' };

/** One rule of a chain, as `nft -s -a list chain` prints it. */
export interface NftRule {
  readonly handle: number;
  readonly comment: string | null;
  readonly family: 4 | 6 | null;
  /** null = any protocol. */
  readonly protocols: readonly string[] | null;
  /** Canonical networks; null = any. */
  readonly sources: readonly string[] | null;
  readonly destinations: readonly string[] | null;
  /** External ports; null = any. */
  readonly ports: readonly PortRange[] | null;
  readonly verdict: Verdict;
  /** The name of the incoming interface. */
  readonly device: string | null;
  /** True for fw4's `ct status dnat accept`: from there on whatever was translated has passed. */
  readonly acceptsTranslated: boolean;
  /** Words that we do not know, such as a time or a mark: it matches less than the rest says. */
  readonly other: readonly string[];
}

/** A rule is one line, and none that fw4 writes comes near this. */
const MAX_LINE = 65_536;

/**
 * Reads what `nft -s -a list chain` prints (measured with nft 1.0.6; man nft). Never throws: a line that is no rule is passed over,
 * and what is not known in a rule is kept in `other`.
 */
export function parseChain(text: string): readonly NftRule[] {
  return text.split('\n').flatMap((line) => parseRule(line) ?? []);
}

function parseRule(line: string): NftRule | null {
  if (line.length > MAX_LINE) return null;
  const end = / # handle ([0-9]{1,15})\s*$/.exec(line);
  const tokens = end && tokenise(line.slice(0, end.index));
  if (!tokens || tokens[0] === 'chain' || tokens[0] === 'table') return null;
  return { ...readWords(tokens), handle: Number(end[1]) };
}

/** Words, texts in quotes, and `{ … }` as one word. nft knows no escapes: no text has a quote in it. */
function tokenise(text: string): readonly string[] | null {
  return text.match(/"[^"]*"|\{[^{}"]*(?:"[^"]*"[^{}"]*)*\}|[^\s"{}]+/g);
}
