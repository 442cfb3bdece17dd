import { naturalKey, splitId, tagOf } from '../../rule/identity';
import { standing } from '../../session/ownership';
import { encode } from '../codec/encode';
import { rulesBlock } from '../schema/data-rules';
import { fromForward } from '../schema/rule-values';
import type { ReadDataSourceResponse } from '../wire/messages';
import type { Gateway } from './context';
import type { Turn } from './turn';

/** The gateway's whole table. */
export async function readRules(
  { session }: Gateway,
  { run }: Turn,
  signal: AbortSignal,
): Promise<ReadDataSourceResponse> {
  const entries = await session.list(signal);
  const known = new Map(run.ids().map((id) => [tagOf(id), id]));
  const rules = entries.map((entry) => {
    const whose = standing(entry, session.options.owner, known);
    const id = whose.kind === 'owned' ? whose.id : null;
    return {
      ...fromForward(entry.forward),
      ours: id !== null,
      id,
      name: id === null ? null : (splitId(id)?.name ?? null),
      natural_key: naturalKey(entry.forward),
      handle: entry.handle,
      label: entry.label,
      restriction: entry.restriction,
      blocked: entry.blocked && `${entry.blocked.message} ${entry.blocked.hint}`,
    };
  });
  return { state: encode(rulesBlock, { rules }) };
}
