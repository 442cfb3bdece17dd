import { isUnset } from './known';
import { properties } from './properties';
import type { LooseInputs } from './rule';

/**
 * The same rule with every property written out that means a certain value while it is unset: its default, or what another
 * property says, which may be UNKNOWN. The others stay unset. `diff` sees no difference.
 */
export function withDefaults(inputs: LooseInputs): LooseInputs {
  const filled: Record<string, unknown> = { ...inputs };
  for (const { name, default: value, sameAs } of properties) {
    if (!isUnset(filled[name])) continue;
    const meant = sameAs === undefined ? value : filled[sameAs];
    if (!isUnset(meant)) filled[name] = meant;
  }
  return filled;
}
