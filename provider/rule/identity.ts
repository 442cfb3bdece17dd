import { hash } from 'node:crypto';
import { PortforwardError } from './error';
import { readName, readOwner } from './names';
import { naturalKey, readNaturalKey } from './natural-key';
import type { Forward } from './rule';
import { printTarget } from './target';

export { naturalKey } from './natural-key';

/** A tag as found on a device. */
export interface Tag {
  /** 16 hex of the id: whose rule it is. */
  readonly rule: string;
  /** 8 hex of the entry's content when it was written. */
  readonly content: string;
  /** Which of the rule's entries, from 0. */
  readonly part: number;
  /** The tag alone, without what follows it. */
  readonly text: string;
}

/** The owner of rules where none is configured. Throws PortforwardError `invalid` where it would not be usable. */
export function defaultOwner(project: string, stack: string): string {
  return checkedOwner(`${project}/${stack}`);
}

/** `<owner>/<name>`. Throws PortforwardError `invalid` where a part of it is not usable. */
export function ruleId(owner: string, name: string): string {
  const read = readName(name);
  if ('reason' in read) throw new PortforwardError('invalid', read.reason, { property: 'name' });
  return `${checkedOwner(owner)}/${name}`;
}

/** Splits an id at its last slash; null for a text that is no id. */
export function splitId(id: string): { readonly owner: string; readonly name: string } | null {
  const slash = id.lastIndexOf('/');
  const [owner, name] = [id.slice(0, Math.max(slash, 0)), id.slice(slash + 1)];
  return 'value' in readOwner(owner) && 'value' in readName(name) ? { owner, name } : null;
}

/**
 * 8 hex of which packets an entry takes, from whom and where to. Kept for ever, since devices hold it. Not of
 * `enabled`, `hairpin`, `log` and `description`: those are edited in place under the same tag.
 */
export function contentHash({ traffic, wan, target, sources }: Forward): string {
  const ports = traffic.map(
    (one) =>
      `${one.protocol} ${one.ports.map(({ from, to, target }) => `${from}-${to}>${target}`).join(',')}`,
  );
  const lines = [
    ...ports,
    `wan ${wan ?? '*'}`,
    `target ${printTarget(target)}`,
    `sources ${sources?.join(',') ?? '*'}`,
  ];
  return sha256(lines.join('\n')).slice(0, 8);
}

/** The mark of one entry of ours, the same on every device: `pf1_<16 hex>_<8 hex>_<part>`. */
export function makeTag(id: string, forward: Forward, part: number): string {
  return `pf1_${tagOf(id)}_${contentHash(forward)}_${part}`;
}

/** Finds a tag at the start of a comment, description or name; after a space anything may follow. */
export function parseTag(text: string): Tag | null {
  const match = /^pf1_([0-9a-f]{16})_([0-9a-f]{8})_(0|[1-9][0-9]{0,4})(?![^ ])/.exec(text);
  if (!match) return null;
  const [whole, rule, content, part] = match as unknown as [string, string, string, string];
  return { rule, content, part: Number(part), text: whole };
}

/** The 16 hex by which all tags of a rule begin, after `pf1_`. */
export function tagOf(id: string): string {
  return sha256(id).slice(0, 16);
}

/** Whether the user's `adopt` names this entry, by its handle or its natural key. */
export function adoptMatches(
  adopt: string,
  entry: { readonly handle: string; readonly forward: Forward },
): boolean {
  return adopt === entry.handle || readNaturalKey(adopt) === naturalKey(entry.forward);
}

function checkedOwner(owner: string): string {
  const read = readOwner(owner);
  if ('value' in read) return owner;
  throw new PortforwardError('invalid', read.reason, { property: 'owner' });
}

function sha256(text: string): string {
  return hash('sha256', text);
}
