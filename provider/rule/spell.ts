import { meaning } from './meaning';
import { properties } from './properties';
import type { NamedProperty } from './property';
import type { Forward, LooseInputs, RuleInputs } from './rule';

/**
 * The live state as inputs: the old spelling of every property whose live value means the same, canonical text
 * otherwise. What steers, and the name, is echoed. Where entries of one rule disagree, the property becomes a text
 * that says so and that no rule accepts, so it shows as drift until it is mended.
 */
export function spell(live: Forward, recorded: RuleInputs): RuleInputs {
  const old: LooseInputs = { ...recorded };
  const done: Record<string, unknown> = {};
  for (const row of properties) {
    const value = spellOne(row, live, old, done);
    if (value !== undefined) done[row.name] = value;
  }
  return done as unknown as RuleInputs;
}

function spellOne(row: NamedProperty, live: Forward, old: LooseInputs, done: LooseInputs): unknown {
  const mixed = live.mixed?.[row.name];
  if (mixed !== undefined) return mixed;
  if (row.respell) return row.respell(live, old, done);
  const recorded = old[row.name] ?? undefined;
  if (!row.spell) return recorded;
  const now = row.spell(live);
  if (row.compared === 'if-set' && (recorded === undefined || now === undefined)) return recorded;
  return meaning(row, old) === meaning(row, { [row.name]: now }) ? recorded : now;
}
