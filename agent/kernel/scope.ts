import { type Compiled, sameRules } from './compile';
import { member } from './expression';
import { type LiveTable, presentIn } from './live-table';
import { splitCounter } from './names';
import type { Present } from './transaction';

/**
 * Narrows a live table and the wanted objects to what a change concerns: everything that differs between `from` and
 * `to`, and everything that belongs to an entry to be written afresh. What somebody else changed elsewhere stays as
 * it is, to be reported. Pure.
 */
export function touched(
  from: Compiled,
  to: Compiled,
  live: LiveTable,
  rewrite: ReadonlySet<string>,
): { readonly present: Present; readonly after: Compiled } {
  const all = presentIn(live);
  const leads = (compiled: Compiled, chain: string) =>
    rewrite.has(chain) ||
    (compiled.chains.get(chain) ?? []).some((rule) =>
      rule.some((statement) => rewrite.has(String(member(statement.jump, 'target')))),
    );
  const liveLeads = (chain: string) =>
    rewrite.has(chain) ||
    (live.chains.get(chain)?.rules ?? []).some((rule) =>
      rule.some((statement) => rewrite.has(String(member(statement.jump, 'target')))),
    );
  const chainInScope = (name: string) =>
    !sameRules(from.chains.get(name), to.chains.get(name)) ||
    leads(to, name) ||
    leads(from, name) ||
    liveLeads(name);
  const counterInScope = (name: string) =>
    from.counters.has(name) !== to.counters.has(name) || rewrite.has(splitCounter(name)?.tag ?? '');
  const elementInScope = (name: string) => {
    const [was, will, is] = [from.elements.get(name), to.elements.get(name), all.elements.get(name)];
    return (
      was?.chain !== will?.chain ||
      [was, will].some((element) => element && (leads(from, element.chain) || leads(to, element.chain))) ||
      (is !== undefined && (liveLeads(is.chain) || chainGoes(is.chain)))
    );
  };
  /** An element must not outlive the chain it leads to. */
  const chainGoes = (name: string) => !to.chains.has(name) && chainInScope(name);
  return {
    present: {
      chains: only(all.chains, chainInScope),
      counters: new Set([...all.counters].filter(counterInScope)),
      elements: only(all.elements, elementInScope),
    },
    after: {
      chains: only(to.chains, chainInScope),
      counters: new Set([...to.counters].filter(counterInScope)),
      elements: only(to.elements, elementInScope),
      wans: to.wans,
    },
  };
}

function only<T>(map: ReadonlyMap<string, T>, keep: (name: string) => boolean): Map<string, T> {
  return new Map([...map].filter(([name]) => keep(name)));
}
