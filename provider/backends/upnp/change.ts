import type { Change, ChangeResult, Entry, WantedEntry } from '../backend';
import {
  type ChangeSurroundings,
  isCutOf,
  mustBeGone,
  proveOurs,
  put,
  putBack,
  Refused,
  stillThere,
  take,
} from './change-steps';
import { handleOf, mappingOf, readHandle, tagOn } from './codec';
import { keyText, type Mapping, type MappingContent, type MappingKey } from './mapping';
import { taken } from './refusal';
import { UpnpFault } from './soap';

/**
 * Makes one change to the mappings. The gateway has no transactions and takes a mapping over from another program of the same
 * host without a word, so each step looks before it acts. A fault is a refusal; everything else is thrown.
 */
export async function changeMapping(change: Change, on: ChangeSurroundings): Promise<ChangeResult> {
  try {
    if (change.op === 'remove') {
      await remove(change.before, on);
      return { status: 'done', handle: change.before.handle };
    }
    const mapping = wantedMapping(change.wanted);
    if (change.op === 'add') await add(mapping, change.wanted, on);
    else await edit(change.before, mapping, change.wanted, on);
    return { status: 'done', handle: handleOf(mapping, null) };
  } catch (error) {
    if (error instanceof Refused) return { status: 'refused', ...error.refusal };
    if (error instanceof UpnpFault) return { status: 'refused', message: error.summary };
    throw error;
  }
}

async function add(mapping: Mapping, wanted: WantedEntry, on: ChangeSurroundings): Promise<void> {
  const there = await on.connection.under(mapping, on.signal);
  // Another process of ours may have been faster with the very same.
  if (there && !isSame(there, mapping, wanted.tag)) throw new Refused(taken(mapping, there));
  await put(mapping, on);
}

async function edit(
  before: Entry,
  mapping: Mapping,
  wanted: WantedEntry,
  on: ChangeSurroundings,
): Promise<void> {
  const key = keyOf(before);
  const live = await stillThere(before, key, on);
  if (!live) return add(mapping, wanted, on);
  const stays = keyText(key) === keyText(mapping);
  // miniupnpd keeps the old description when only that would change (measured), so a new one is a new mapping.
  if (stays && isSame(live, mapping, wanted.tag)) return put(mapping, on);
  if (!stays) {
    const there = await on.connection.under(mapping, on.signal);
    const ours = there && keyText({ ...mapping, remoteHost: key.remoteHost }) === keyText(key);
    if (there && !ours) throw new Refused(taken(mapping, there));
  }
  await proveOurs(key, live, on);
  await take(key, live, on);
  await mustBeGone(key, live, on);
  try {
    await put(mapping, on);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Refused(await putBack(key, live, error.refusal, on));
  }
}

async function remove(before: Entry, on: ChangeSurroundings): Promise<void> {
  const key = keyOf(before);
  const live = await stillThere(before, key, on);
  if (live) await take(key, live, on);
}

/** Whether what stands there is what would be written, tag and all; then writing it renews it. */
function isSame(there: MappingContent, mapping: Mapping, tag: string): boolean {
  return (
    there.client === mapping.client &&
    there.internalPort === mapping.internalPort &&
    there.enabled === mapping.enabled &&
    (tagOn(there.description)?.text === tag || isCutOf(tag, mapping, there))
  );
}

function wantedMapping(wanted: WantedEntry): Mapping {
  const mapping = mappingOf(wanted, wanted.lease ?? 0);
  if ('reason' in mapping) throw new Refused({ message: `${mapping.reason}.` });
  return mapping;
}

function keyOf({ handle }: Entry): MappingKey {
  const read = readHandle(handle);
  if (read) return read.key;
  throw new Refused({
    message: `the mapping "${handle}" cannot be named to the gateway.`,
    hint: 'Remove it on its own pages.',
  });
}
