import type { Entry } from '../../../provider/backends/backend';
import { parseTag, tagOf } from '../../../provider/rule/identity';
import type { Forward } from '../../../provider/rule/rule';
import type { MemoryFaults } from './faults';

/** One line of the table, as this gateway keeps it. */
export interface MemoryRecord {
  readonly handle: string;
  /** What a person sees beside the entry; ours begins with a tag. */
  readonly mark: string;
  readonly forward: Forward;
  readonly restriction: string | null;
  readonly changeable: boolean;
  /** Milliseconds on the gateway's clock; null = it stays. */
  readonly expires: number | null;
}

/** A mark of ours: the tag, and the readable id where all of it fits. */
export function markOf(tag: string, id: string, length: number): string {
  const whole = `${tag} ${id}`;
  return whole.length <= length ? whole : tag;
}

/** A line of the table in the words of the backend interface. */
export function toEntry(record: MemoryRecord, faults: MemoryFaults, now: number): Entry {
  const tag = parseTag(record.mark);
  const id = tag ? record.mark.slice(tag.text.length + 1) : '';
  const blocked = [...faults.blocked].find(([port]) => takes(record.forward, port));
  return {
    handle: record.handle,
    tag: tag?.text ?? null,
    id: tag && id !== '' && tagOf(id) === tag.rule ? id : null,
    forward: record.forward,
    restriction: record.restriction,
    permanent: record.expires === null,
    expires: record.expires === null ? null : (record.expires - now) / 1000,
    label: `line ${record.handle} "${record.mark}"`,
    changeable: record.changeable,
    blocked: blocked ? { message: 'a firewall in front drops it.', hint: blocked[1] } : null,
  };
}

/** Whether packets to this external port are for it. */
export function takes({ traffic }: Forward, port: number): boolean {
  return traffic.some(({ ports }) => ports.some(({ from, to }) => from <= port && port <= to));
}
