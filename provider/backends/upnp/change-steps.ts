import type { Entry } from '../backend';
import { isCut, tagOn } from './codec';
import type { Leases } from './leases';
import { keyText, type Mapping, type MappingContent, type MappingKey } from './mapping';
import type { Marks } from './marks';
import { printable } from './printable';
import { onlyItself, type Refusal, refusedMapping, refusedRemoval } from './refusal';
import { UpnpFault } from './soap';
import type { WanConnection } from './wan';

/*
 * The steps that changes of mappings are made of. Each looks before it acts, turns a fault of the gateway into a refusal, and
 * throws everything else.
 */

/** What changing mappings needs. */
export interface ChangeSurroundings {
  readonly connection: WanConnection;
  readonly leases: Leases;
  readonly marks: Marks;
  /** The address by which we ask, as far as we know. */
  readonly own: string;
  readonly signal: AbortSignal;
}

/** The change is not made, and nothing was changed. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/** The mapping as it is now, or null when it is gone. Refuses when it is not the one of the look any more. */
export async function stillThere(
  before: Entry,
  key: MappingKey,
  { connection, signal }: ChangeSurroundings,
): Promise<MappingContent | null> {
  const live = await connection.under(key, signal);
  if (!live) return null;
  const { target, traffic } = before.forward;
  const [span] = traffic[0]?.ports ?? [];
  const same =
    target.kind === 'host' &&
    live.client === target.address &&
    (live.internalPort || key.externalPort) === span?.target &&
    ((tagOn(live.description)?.text ?? null) === before.tag || isCutOf(before.tag, key, live));
  if (same) return live;
  throw new Refused({
    message: `${keyText(key)} was changed by somebody else meanwhile: it now goes to ${live.client} port ${live.internalPort} (mapping "${printable(live.description)}").`,
    hint: 'Run again: the next run looks first.',
  });
}

export function isCutOf(tag: string | null, key: MappingKey, live: MappingContent): boolean {
  return tag !== null && isCut({ ...key, ...live }, tag);
}

/**
 * Before another host's mapping is taken away to make room, the same mapping is asked for once more: a gateway that would not
 * let us put it back refuses that, and so it is never removed.
 */
export async function proveOurs(
  key: MappingKey,
  live: MappingContent,
  { connection, own, signal }: ChangeSurroundings,
): Promise<void> {
  if (live.client === own) return;
  try {
    await connection.add({ ...key, ...live }, signal);
  } catch (error) {
    if (!(error instanceof UpnpFault)) throw error;
    const refusal = onlyItself(live.client, own);
    throw new Refused({ ...refusal, message: `${refusal.message} It said: ${error.summary}` });
  }
}

export async function take(
  key: MappingKey,
  live: MappingContent,
  { connection, own, signal }: ChangeSurroundings,
): Promise<void> {
  try {
    await connection.remove(key, signal);
  } catch (error) {
    if (!(error instanceof UpnpFault)) throw error;
    throw new Refused(refusedRemoval(error, live.client, own));
  }
}

/** The answer to a removal says nothing, and what is still there would be taken for what is added next. */
export async function mustBeGone(
  key: MappingKey,
  { client, internalPort, description }: MappingContent,
  { connection, signal }: ChangeSurroundings,
): Promise<void> {
  const there = await connection.under(key, signal);
  const same =
    there?.client === client && there.internalPort === internalPort && there.description === description;
  if (!same) return;
  throw new Refused({
    message: `the gateway said that it removed ${keyText(key)}, and it is still there.`,
    hint: 'Remove it on its own pages; a restart of the gateway may be needed.',
  });
}

/** Writes a mapping of ours; one that nobody could know again is taken away at once. */
export async function put(
  mapping: Mapping,
  { connection, leases, marks, own, signal }: ChangeSurroundings,
): Promise<void> {
  try {
    await leases.grant(mapping.lease, (lease) => connection.add({ ...mapping, lease }, signal));
  } catch (error) {
    if (!(error instanceof UpnpFault)) throw error;
    throw new Refused(await refusedMapping(error, mapping, own, connection, signal));
  }
  const instead = await marks.replaced(mapping, connection, signal);
  if (instead === null) return;
  await connection.remove(mapping, signal);
  throw new Refused({
    message: `the gateway writes "${printable(instead)}" in the place of a mapping's description, so nobody could tell whose it is; it was taken away again.`,
    hint: 'This gateway cannot be managed by UPnP: use another kind, or its own pages.',
  });
}

/** What was there before comes back, byte for byte. */
export async function putBack(
  key: MappingKey,
  live: MappingContent,
  refusal: Refusal,
  { connection, signal }: ChangeSurroundings,
): Promise<Refusal> {
  try {
    await connection.add({ ...key, ...live }, signal);
    return refusal;
  } catch (error) {
    if (!(error instanceof UpnpFault)) throw error;
    return {
      ...refusal,
      message: `${refusal.message} What was there before (to ${live.client} port ${live.internalPort}) could not be put back: ${error.summary}`,
    };
  }
}
