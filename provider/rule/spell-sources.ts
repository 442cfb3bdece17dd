import type { Forward, LooseInputs } from './rule';
import { alienSource, normaliseSources, readSources } from './sources';
import { familyOf } from './target';

/**
 * `sources` for the live state: the old spelling where it still means the same, else the canonical networks. Sources
 * that vanished are written out as the whole address space, so that nobody overlooks that everyone is let in.
 */
export function spellSources(live: Forward, { sources: recorded }: LooseInputs): unknown {
  const family = familyOf(live.target);
  const unset = recorded === undefined || recorded === null;
  if (unset) return live.sources ?? undefined;
  const read = readSources(recorded);
  const fits = 'value' in read && alienSource(read.value, family, '') === null;
  if (fits && JSON.stringify(normaliseSources(read.value)) === JSON.stringify(live.sources)) return recorded;
  return live.sources ?? [family === 6 ? '::/0' : '0.0.0.0/0'];
}
