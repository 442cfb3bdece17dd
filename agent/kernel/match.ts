import { type Json, member, type Statement } from './expression';

/** One comparison of a listed rule. */
export interface Match {
  readonly op: string;
  /** `iifname`, `l4proto`, `ip saddr`; empty for what is neither of the packet's data nor of its surroundings. */
  readonly left: string;
  readonly right: Json;
}

/** Null for a statement that is no comparison. */
export function readMatch(statement: Statement): Match | null {
  const { match } = statement;
  const op = member(match, 'op');
  const left = member(match, 'left');
  if (typeof op !== 'string' || left === undefined) return null;
  const [meta, payload] = [member(left, 'meta'), member(left, 'payload')];
  const name = meta
    ? member(meta, 'key')
    : payload
      ? [member(payload, 'protocol'), member(payload, 'field')].join(' ')
      : '';
  return { op, left: String(name), right: member(match, 'right') ?? null };
}
