import { PortforwardError } from '../../rule/error';
import type { Change, ChangeResult } from '../backend';
import type { Call, Reply } from './client';
import { contentOf, type OptionValue, type Section } from './sections';
import { type WantedSection, writeSection } from './write-section';
import type { Zones } from './zones';

export const CONFIG = { config: 'firewall' } as const;

/** What to stage for a batch, in the order in which it must be sent. */
export interface Staging {
  readonly calls: readonly Call[];
  /** By call, the index of the change that it is for. */
  readonly reasons: readonly number[];
  /** Names of sections that the batch changes, before and after. */
  readonly touched: ReadonlySet<string>;
}

/** All or nothing: the one at fault carries the words, the others are not done. */
export function refusedAt(
  fault: number,
  changes: readonly Change[],
  words: { readonly message: string; readonly hint?: string },
): readonly ChangeResult[] {
  const { message, hint } = words;
  return changes.map((_, index) =>
    index === fault ? { status: 'refused', message, ...(hint ? { hint } : {}) } : { status: 'skipped' },
  );
}

/**
 * The calls for a batch on a configuration that was just read. Removals come first, for names must be free; beyond that order
 * means nothing, since nobody sees it before it is applied. Results instead, where a change is refused.
 */
export function stage(
  changes: readonly Change[],
  sections: readonly Section[],
  zones: Zones,
): Staging | readonly ChangeResult[] {
  const live = new Map(sections.map((section) => [section.name, section]));
  const calls: Call[] = [];
  const reasons: number[] = [];
  const touched = new Set<string>();
  const add = (index: number, method: string, args: Call['args']): void => {
    calls.push({ object: 'uci', method, args: { ...CONFIG, ...args } });
    reasons.push(index);
  };
  for (const [index, change] of changes.entries()) {
    if (change.op !== 'remove') continue;
    touched.add(change.before.handle);
    if (live.delete(change.before.handle)) add(index, 'delete', { section: change.before.handle });
  }
  for (const [index, change] of changes.entries()) {
    if (change.op === 'remove') continue;
    const words = foreignRefusal(change);
    if (words) return refusedAt(index, changes, words);
    const section = writeSection(change.wanted, zones);
    if ('message' in section) return refusedAt(index, changes, section);
    const { tag } = change.wanted;
    const from = change.op === 'edit' ? live.get(change.before.handle) : live.get(tag);
    if (change.op === 'edit' && !from) throw changedMeanwhile();
    if (from && from.name !== tag && live.has(tag))
      return refusedAt(index, changes, { message: `there is another section named ${tag}` });
    touched.add(tag);
    if (from) touched.add(from.name);
    if (from && from.type === section.type) {
      if (from.name !== tag) add(index, 'rename', { section: from.name, name: tag });
      const values = valuesOver(from, section);
      if (Object.keys(values).length > 0) add(index, 'set', { section: tag, values });
    } else {
      // A section cannot become one of another type and lose its options at once.
      if (from) add(index, 'delete', { section: from.name });
      add(index, 'add', { type: section.type, name: tag, values: section.options });
    }
    if (from) live.delete(from.name);
    live.set(tag, { name: tag, anonymous: false, type: section.type, options: section.options });
  }
  return { calls, reasons, touched };
}

/** What to set so that the section says this and nothing else: empty text takes an option away. */
function valuesOver({ options }: Section, wanted: WantedSection): Record<string, string> {
  const values: Record<string, string> = {};
  for (const option of Object.keys(options)) if (!(option in wanted.options)) values[option] = '';
  for (const [option, value] of Object.entries(wanted.options))
    if (!same(options[option], value)) values[option] = value;
  return values;
}

function same(old: OptionValue | undefined, value: string): boolean {
  return typeof old === 'string' && old === value;
}

/** The results for a reply that is no success, or null. Codes: rpcd's uci.c. */
export function stagingFailure(
  { reasons, calls }: Staging,
  replies: readonly Reply[],
  changes: readonly Change[],
): readonly ChangeResult[] | null {
  const fault = replies.findIndex((reply) => !reply.ok);
  const reply = replies[fault];
  if (!reply || reply.ok) return null;
  // The section was there when the configuration was read.
  if (reply.code === 4 && calls[fault]?.method !== 'add') throw changedMeanwhile();
  return refusedAt(reasons[fault] as number, changes, {
    message: `uci ${calls[fault]?.method}: ${reply.words} (${reply.code})`,
    hint: 'Nothing was changed. See the log of the router (logread); is its storage full?',
  });
}

/**
 * What others have, as text: it must be the same before and after a batch, or somebody committed in between. rpcd lets nobody
 * else commit while changes are on trial, so then there is still time to take them back.
 */
export function othersThan(touched: ReadonlySet<string>, sections: readonly Section[]): string {
  return sections
    .filter(({ name }) => !touched.has(name))
    .map(contentOf)
    .join('\n');
}

export function changedMeanwhile(): PortforwardError {
  return new PortforwardError('stale', "The router's firewall configuration was changed since it was read.", {
    hint: 'Run again.',
    retryable: true,
  });
}

/** Entries that no section stands behind cannot be changed over uci. */
function foreignRefusal(change: Change): { readonly message: string; readonly hint: string } | null {
  if (change.op !== 'edit' || change.before.changeable) return null;
  return {
    message: `${change.before.label} is not in the configuration of the firewall`,
    hint: 'Remove it in the program that made it.',
  };
}
