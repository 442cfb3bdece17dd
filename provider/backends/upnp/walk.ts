import { PortforwardError } from '../../rule/error';
import { keyText, type Mapping } from './mapping';
import type { WanConnection } from './wan';

/** The index is 16 bits wide (WANIPConnection:2, 2.3.22). */
const MOST_MAPPINGS = 65_536;
/** How often a table is walked that keeps changing. */
const MOST_WALKS = 4;
/** Nothing new so many times in a row: the router does not count, and would go on for ever. */
const LONGEST_STANDSTILL = 32;

/**
 * The whole table, by index. Others may change it meanwhile: miniupnpd shows the newest first, so an addition shows a mapping
 * twice, and a removal hides one. The first is seen here; the second is not, so `missed` asks whether something is known to
 * be there that was not shown. In either case the table is walked again until two walks agree, a few times at most.
 */
export async function walkTable(
  connection: WanConnection,
  missed: (seen: ReadonlyMap<string, Mapping>) => Promise<boolean>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Mapping>> {
  let before: Walk | null = null;
  for (let count = 1; ; count += 1) {
    const walk: Walk = await walkOnce(connection, signal);
    if (count === MOST_WALKS || (before && agree(before, walk))) return walk.seen;
    if (!before && !walk.disturbed && !(await missed(walk.seen))) return walk.seen;
    before = walk;
  }
}

/** Mappings up to which the user's own time limit does for a walk. */
const FEW = 32;
/** Milliseconds that one step may take: it costs miniupnpd 3 ms with 5 mappings and 17 ms with 300 (measured), and home routers more. */
const STEP = 1_000;
/** Sizes of tables that are told apart before the first walk. */
const SIZES = [FEW, 128, 512, 2048] as const;

/** About how many mappings there are, by a few steps into the table; never too few, as far as that goes. */
export async function sizeOfTable(connection: WanConnection, signal: AbortSignal): Promise<number> {
  let size = 0;
  for (const more of SIZES) {
    size = more;
    if ((await connection.at(more, signal)) === 'end') break;
  }
  return size;
}

/** Milliseconds that a walk of so many mappings may take; 0 = no more than anything else. */
export function walkingTime(size: number): number {
  return size > FEW ? size * STEP : 0;
}

interface Walk {
  readonly seen: ReadonlyMap<string, Mapping>;
  /** Whether it was changed while we walked. */
  readonly disturbed: boolean;
}

async function walkOnce(connection: WanConnection, signal: AbortSignal): Promise<Walk> {
  const seen = new Map<string, Mapping>();
  let first: string | null = null;
  let disturbed = false;
  let standstill = 0;
  for (let index = 0; index < MOST_MAPPINGS; index += 1) {
    const mapping = await connection.at(index, signal);
    if (mapping === 'end') break;
    const key = mapping === 'unreadable' ? null : keyText(mapping);
    if (mapping === 'unreadable' || key === null || seen.has(key)) {
      standstill += 1;
      if (key === null && standstill > LONGEST_STANDSTILL) throw unreadable(index);
      // Round once more, or always the same: more it does not show.
      if ((key !== null && key === first && seen.size > 1) || standstill > LONGEST_STANDSTILL) break;
      if (key !== null) disturbed = true;
      continue;
    }
    standstill = 0;
    first ??= key;
    seen.set(key, mapping);
  }
  return { seen, disturbed };
}

/** Not the end of the table, so what is behind it is not known. */
function unreadable(index: number): PortforwardError {
  return new PortforwardError('refused', `The gateway's table cannot be read from mapping ${index} on.`, {
    hint: 'Look at its own pages.',
  });
}

/** What lives on gets older; that is no change. */
function agree({ seen: a }: Walk, { seen: b }: Walk): boolean {
  const text = ({ lease, ...rest }: Mapping): string => JSON.stringify(rest);
  return (
    a.size === b.size &&
    [...a].every(([key, mapping]) => {
      const other = b.get(key);
      return other !== undefined && text(mapping) === text(other);
    })
  );
}
