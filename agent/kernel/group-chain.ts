import { drop, jump, type Rule } from './expression';
import type { KernelEntry } from './kernel';
import { deniedCounter } from './names';
import { wanMatches } from './wan-match';

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
