import type { Entry } from '../backend';
import { entryOf, isCut, readHandle, tagOn } from './codec';
import { keyText, type Mapping, type MappingKey } from './mapping';
import { walkTable } from './walk';
import type { WanConnection } from './wan';

/** A mapping that should be there: by a rule's state, or by what this process wrote. */
export interface Expected {
  readonly key: MappingKey;
  /** Its tag, where the gateway may not tell it; null = it does, or the mapping is not ours. */
  readonly tag: string | null;
}

export interface MappingTable {
  readonly entries: readonly Entry[];
  /** Whether tags of ours were cut short, and only what we know told them. */
  readonly cut: boolean;
}

/** What handles of rules say should be there, by key. Handles of pinholes are left out. */
export function expectedBy(recorded: readonly string[]): Map<string, Expected> {
  const expected = new Map<string, Expected>();
  for (const read of recorded.map(readHandle)) if (read) expected.set(keyText(read.key), read);
  return expected;
}

/** Reads the whole table. What should be there and is not shown is asked for by name. */
export async function readTable(
  connection: WanConnection,
  expected: ReadonlyMap<string, Expected>,
  signal: AbortSignal,
): Promise<MappingTable> {
  const hidden = new Map<string, Mapping>();
  const seen = await walkTable(
    connection,
    async (shown) => {
      const ports = portsOf(shown);
      for (const [text, { key }] of expected) {
        // Asked for one remote host, miniupnpd answers with what another has: that would hide a limit that was lost.
        if (ports.has(portKey(key))) continue;
        const content = await connection.under(key, signal);
        if (content) hidden.set(text, { ...key, ...content });
      }
      return hidden.size > 0;
    },
    signal,
  );
  const shown = portsOf(seen);
  const limited = portsOf([...expected.values()].flatMap(({ key }) => (key.remoteHost === '' ? [] : [key])));
  let cut = false;
  const entry = (mapping: Mapping): Entry => {
    const tag = cutTag(mapping, expected);
    cut ||= tag !== null;
    return entryOf(mapping, tag);
  };
  const entries = [...seen.values()].map((mapping) => {
    const lost = mapping.remoteHost === '' && limited.has(portKey(mapping));
    return lost ? openToEveryone(entry(mapping)) : entry(mapping);
  });
  for (const mapping of hidden.values())
    if (!shown.has(portKey(mapping))) entries.push(hiddenEntry(entry(mapping)));
  return { entries, cut };
}

/** The tag under which this mapping was written, where its description no longer says so. */
function cutTag(mapping: Mapping, expected: ReadonlyMap<string, Expected>): string | null {
  const tag = expected.get(keyText(mapping))?.tag ?? null;
  return tag !== null && !tagOn(mapping.description) && isCut(mapping, tag) ? tag : null;
}

function portsOf(keys: ReadonlyMap<string, MappingKey> | readonly MappingKey[]): ReadonlySet<string> {
  return new Set([...keys.values()].map(portKey));
}

/** Mappings of one port are told apart by their remote hosts alone. */
function portKey({ protocol, externalPort }: MappingKey): string {
  return `${protocol}:${externalPort}`;
}

/** For the message of a rule that asked for another. */
function openToEveryone(entry: Entry): Entry {
  return { ...entry, label: `${entry.label}, shown as open to everyone` };
}

/** The gateway tells of it only when asked for it by name, and then not who may connect. */
function hiddenEntry(entry: Entry): Entry {
  if (entry.forward.sources === null) return entry;
  return { ...entry, restriction: 'the gateway does not show who may connect' };
}
