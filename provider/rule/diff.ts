import { meaning } from './meaning';
import { properties } from './properties';
import type { PropertyName } from './property';
import { type LooseInputs, UNKNOWN } from './rule';

/**
 * The properties whose meaning changed, in the order of the table: `443` and `"443"` are the same, an unset one is
 * its default, an unknown value may have changed. `adopt` never counts.
 */
export function diff(oldInputs: LooseInputs, newInputs: LooseInputs): PropertyName[] {
  return properties
    .filter((row) => {
      if (row.diffed === false) return false;
      const [before, after] = [meaning(row, oldInputs), meaning(row, newInputs)];
      return before === UNKNOWN || after === UNKNOWN || before !== after;
    })
    .map((row) => row.name);
}
