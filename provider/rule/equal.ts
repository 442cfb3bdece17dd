import { properties } from './properties';
import type { NamedProperty, PropertyName } from './property';
import type { Forward } from './rule';

/**
 * The properties in which the live state differs from the wanted one, in the order of the table. A hairpin of null
 * (not asked for, or not told) equals anything.
 */
export function differences(wanted: Forward, live: Forward): PropertyName[] {
  return properties
    .filter((row) => wanted.mixed?.[row.name] !== live.mixed?.[row.name] || differs(row, wanted, live))
    .map((row) => row.name);
}

/** Whether two forwards mean the same. */
export function equal(wanted: Forward, live: Forward): boolean {
  return differences(wanted, live).length === 0;
}

function differs(row: NamedProperty, wanted: Forward, live: Forward): boolean {
  if (row.differs) return row.differs(wanted, live);
  if (!row.spell) return false;
  const [a, b] = [row.spell(wanted), row.spell(live)];
  if (row.compared === 'if-set' && (a === undefined || b === undefined)) return false;
  return JSON.stringify(a) !== JSON.stringify(b);
}
