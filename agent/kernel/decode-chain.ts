import type { Protocol } from '../../provider/rule/rule';
import { canonical, equalJson, type Json, member, type Rule } from './expression';
import type { Markings } from './marking';
import { connectionsCounter } from './names';
import { readGuard } from './read-guard';
import { GATEWAY, type Route, readTranslation, targetOf } from './read-translation';

/** What an entry's own chain says; ports and pinhole addresses come from the elements that lead to it. */
export interface DecodedChain {
  readonly wan: string | null;
  readonly hairpin: boolean;
  readonly sources: readonly string[] | null;
  readonly log: boolean;
  readonly target: { readonly kind: 'host'; readonly address: string } | { readonly kind: 'gateway' } | null;
  /** Where a port goes; null = nowhere. */
  readonly portOf: (protocol: Protocol, port: number) => number | null;
  /** True when no port of this protocol changes. */
  readonly keeps: (protocol: Protocol) => boolean;
  /** Rules that are not in our words; null = none. */
  readonly restriction: string | null;
}

/** Guards that together bind an entry to one WAN, or to none. */
const WHOLE = ['', 'address', 'interface', 'outside,inside'];

/** Reads an entry's chain. A rule that it does not understand becomes a restriction in words; it never throws. */
export function decodeChain(tag: string, rules: readonly Rule[], markings: Markings): DecodedChain {
  const odd: string[] = [];
  const routes: { [P in Protocol]?: Route } = {};
  const targets: string[] = [];
  let fallback = false;
  let pinhole = false;
  let wan: string | null = null;
  const parts: string[] = [];
  let outsideOnly = false;
  let sources: readonly string[] | null = null;
  let log = false;
  let admitted = 0;
  let guessed: string | null = null;
  /** Guards come first, then one admission, then translations: another order means something else. */
  let stage = 0;
  const reach = (next: number) => {
    const inOrder = next >= stage;
    stage = Math.max(stage, next);
    return inOrder;
  };
  for (const rule of rules) {
    const guard = readGuard(rule);
    if (guard && reach(0)) {
      if (guard.kind === 'outside-only' && !outsideOnly) outsideOnly = true;
      else if (guard.kind === 'wan' && (wan === null || (wan === guard.wan && parts.join() === 'outside'))) {
        wan = guard.wan;
        parts.push(guard.part);
        if (guard.part === 'interface') outsideOnly = true;
      } else if (guard.kind === 'sources' && sources === null) sources = guard.sources;
      else odd.push(inWords(rule));
      continue;
    }
    const admission = readAdmission(tag, rule, markings);
    if (admission && reach(1) && ++admitted === 1) {
      log = admission.log;
      pinhole = admission.pinhole;
      continue;
    }
    const translation = readTranslation(rule);
    if (translation && reach(2) && !pinhole && !fallback) {
      targets.push(translation.target);
      if (translation.protocol === null) fallback = true;
      else if (routes[translation.protocol]) odd.push(inWords(rule));
      else routes[translation.protocol] = translation.route;
      continue;
    }
    odd.push(inWords(rule));
    // Under a condition that is not ours, but there: better a forward with a restriction than none.
    guessed ??= targetOf(rule.at(-1));
  }
  if (!WHOLE.includes(parts.join())) odd.push('half of its match of the WAN is missing');
  if (admitted === 0) odd.push('its counter and mark are missing');
  if (targets.some((other) => other !== targets[0]))
    odd.push(`it goes to several targets: ${[...new Set(targets)].join(', ')}`);
  const target = targets[0] ?? guessed ?? undefined;
  return {
    wan,
    hairpin: !outsideOnly,
    sources,
    log,
    target:
      target === undefined
        ? null
        : target === GATEWAY
          ? { kind: 'gateway' }
          : { kind: 'host', address: target },
    keeps: (protocol) => !routes[protocol] && (fallback || pinhole),
    portOf(protocol, port) {
      const route = routes[protocol];
      const other = fallback || pinhole || targets.length === 0 ? port : null;
      if (!route) return other;
      return 'constant' in route ? route.constant : (route.map.get(port) ?? other);
    },
    restriction: odd.length === 0 ? null : `changed by hand: ${odd.join('; ')}`,
  };
}

function readAdmission(
  tag: string,
  rule: Rule,
  markings: Markings,
): { log: boolean; pinhole: boolean } | null {
  if (rule[0]?.counter !== connectionsCounter(tag)) return null;
  const said = rule[1]?.log;
  const log = member(said, 'prefix') === `pf ${tag} ` && Object.keys(said as object).length === 1;
  const rest = rule.slice(log ? 2 : 1);
  const pinhole = rest.length > 1;
  const { written, text } = pinhole ? markings.pinhole : markings.forward;
  // Every entry has these, and nft keeps the order of our keys: one look at the texts shows it.
  const same = JSON.stringify(rest) === text || equalJson(rest as Json, written as Json);
  return same ? { log, pinhole } : null;
}

/** A rule of somebody else's for a message: its JSON, cut short. */
function inWords(rule: Rule): string {
  const text = canonical(rule as Json);
  return `a rule ${text.length > 200 ? `${text.slice(0, 200)}…` : text}`;
}
