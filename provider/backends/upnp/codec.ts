import { parseAddress } from '../../rule/address';
import type { Capabilities } from '../../rule/capabilities';
import { contentHash, parseTag, tagOf } from '../../rule/identity';
import type { Forward } from '../../rule/rule';
import type { Entry, WantedEntry } from '../backend';
import { keyText, type Mapping, type MappingKey } from './mapping';
import { printable } from './printable';

/** Bytes of a description that every gateway keeps: with 64 miniupnpd 2.3.1 answers rubbish behind it (measured). */
const LONGEST_DESCRIPTION = 63;
/** Seconds; WANIPConnection:2, 2.3.16. */
export const LONGEST_LEASE = 604_800;

/** A mapping has one protocol, one port, and room for one remote host; protocol and port are its key. */
export function upnpCapabilities(can: {
  readonly pinholes: boolean;
  readonly sources: boolean;
}): Capabilities {
  return {
    entry: {
      protocols: 'one',
      ports: 'single',
      shift: true,
      sources: can.sources ? 1 : 0,
      sourceHosts: true,
    },
    families: can.pinholes ? [4, 6] : [4],
    gatewayTarget: false,
    properties: new Set(['sources', 'lease']),
    overlap: false,
    atomic: false,
    lease: { min: 1, max: LONGEST_LEASE },
  };
}

/** The description of a mapping of ours: the tag, and the readable id where all of it fits. */
export function markOf({ tag, id }: Pick<WantedEntry, 'tag' | 'id'>): string {
  const whole = `${tag} ${id}`;
  return whole.length <= LONGEST_DESCRIPTION ? whole : tag;
}

/** The mapping that a wanted entry asks for, or why there is none. */
export function mappingOf(wanted: WantedEntry, lease: number): Mapping | { readonly reason: string } {
  const { traffic, target, sources, enabled } = wanted.forward;
  const [one, ...others] = traffic;
  const [span, ...more] = one?.ports ?? [];
  if (!one || !span || others.length + more.length > 0 || span.from !== span.to)
    return { reason: 'a mapping is for one port of one protocol' };
  if (target.kind !== 'host' || target.family !== 4) return { reason: 'a mapping goes to an IPv4 host' };
  const remoteHost = remoteHostOf(sources);
  if (remoteHost === null)
    return { reason: `a mapping admits everyone or one IPv4 address, not ${sources?.join(', ')}` };
  return {
    protocol: one.protocol,
    externalPort: span.from,
    remoteHost,
    client: target.address,
    internalPort: span.target,
    enabled,
    description: markOf(wanted),
    lease,
  };
}

/** `''` = everyone; null = it cannot be said. */
function remoteHostOf(sources: Forward['sources']): string | null {
  if (sources === null) return '';
  const [only, ...others] = sources;
  const host = /^([0-9.]+)\/32$/.exec(only ?? '')?.[1];
  return host === undefined || others.length > 0 ? null : host;
}

/** A mapping in the words of the backend interface. `tag` = whose it is where the router has cut that from its description. */
export function entryOf(mapping: Mapping, tag: string | null = null): Entry {
  const told = tagOn(mapping.description);
  const permanent = mapping.lease === 0;
  const said = printable(mapping.description);
  return {
    handle: handleOf(mapping, told ? null : tag),
    tag: told?.text ?? tag,
    id: told?.id ?? null,
    forward: forwardOf(mapping),
    restriction: restrictionOf(mapping),
    permanent,
    expires: permanent ? null : mapping.lease,
    label: `mapping "${said}"${told || tag === null ? '' : ', whose description the gateway has cut'}`,
    changeable: /^\S*$/.test(mapping.remoteHost) && mapping.externalPort !== 0,
    blocked: null,
  };
}

/** The tag at the start of a description, and the readable id behind it if that is its own. */
export function tagOn(description: string): { readonly text: string; readonly id: string | null } | null {
  const tag = parseTag(description);
  if (!tag) return null;
  const id = description.slice(tag.text.length + 1).trimEnd();
  return { text: tag.text, id: id !== '' && tagOf(id) === tag.rule ? id : null };
}

/**
 * Whether a mapping is the one that was written under a tag, although its description no longer says so: the router has cut
 * the tag short, and everything else is as the tag says.
 */
export function isCut(mapping: Mapping, tag: string): boolean {
  const { description } = mapping;
  return (
    description.length < tag.length &&
    tag.startsWith(description) &&
    parseTag(tag)?.content === contentHash(forwardOf(mapping))
  );
}

/** The handle of a mapping: its key, and the tag where nothing else on the device tells it. */
export function handleOf(key: MappingKey, tag: string | null): string {
  return tag === null ? keyText(key) : `${keyText(key)} ${tag}`;
}

/** Reads such a handle; null for another. */
export function readHandle(handle: string): { readonly key: MappingKey; readonly tag: string | null } | null {
  const match = /^(tcp|udp):([1-9][0-9]{0,4})@(\S+)(?: (pf1_\S+))?$/.exec(handle);
  if (!match) return null;
  const [, protocol, port, host, tag] = match;
  return {
    key: {
      protocol: protocol as 'tcp' | 'udp',
      externalPort: Number(port),
      remoteHost: host === '*' ? '' : (host as string),
    },
    tag: tag ?? null,
  };
}

function forwardOf({ protocol, externalPort, internalPort, client, remoteHost, enabled }: Mapping): Forward {
  // Port 0 outside is every port, port 0 inside the same as outside.
  const span =
    externalPort === 0
      ? { from: 1, to: 65_535, target: 1 }
      : { from: externalPort, to: externalPort, target: internalPort || externalPort };
  return {
    enabled,
    traffic: [{ protocol, ports: [span] }],
    wan: null,
    target: { kind: 'host', family: 4, address: client },
    sources: isAddress(remoteHost) ? [`${remoteHost}/32`] : null,
    hairpin: null,
    log: false,
    // What stands there is the mark, or another program's; our own kind of description is not kept.
    description: '',
  };
}

/** What no rule of ours can say. */
function restrictionOf({ remoteHost, client, externalPort }: Mapping): string | null {
  const parts = [
    ...(remoteHost === '' || isAddress(remoteHost) ? [] : [`only from "${printable(remoteHost)}"`]),
    ...(isAddress(client) ? [] : [`to "${printable(client)}", which is no IPv4 address`]),
    ...(externalPort === 0 ? ['for every external port'] : []),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

function isAddress(text: string): boolean {
  return parseAddress(text)?.family === 4;
}
