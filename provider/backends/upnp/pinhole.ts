import { parseAddress, printAddress } from '../../rule/address';
import { parseTag } from '../../rule/identity';
import type { Protocol } from '../../rule/rule';
import type { Entry, WantedEntry } from '../backend';

/** By what a gateway tells one pinhole from another (WANIPv6FirewallControl:1, 2.4.3.1). */
export interface PinholeTuple {
  readonly protocol: Protocol;
  readonly port: number;
  /** The host inside. */
  readonly client: string;
  /** Who may connect: one IPv6 address; '' = everyone. */
  readonly remoteHost: string;
}

/** A pinhole of ours. No gateway lists them, so all that is known of one stands in its handle, and so in the rule's state. */
export interface Pinhole extends PinholeTuple {
  /** The gateway's own number of it; counts from 1 again at every start of the gateway. */
  readonly id: number;
  readonly tag: string;
  /** Seconds since 1970, by our clock. */
  readonly expires: number;
  /** Which start of the gateway counted so (BOOTID.UPNP.ORG); null = it does not tell. */
  readonly boot: string | null;
}

/** `pinhole:3 tcp:8443->2001:db8::10@* pf1_… 1795657416 1795600000`: number, tuple, tag, end of life, start of the gateway. */
export function pinholeHandle({ id, tag, expires, boot, ...tuple }: Pinhole): string {
  return `pinhole:${id} ${tupleText(tuple)} ${tag} ${expires} ${boot ?? '-'}`;
}

/** Reads such a handle; null for another. */
export function readPinhole(handle: string): Pinhole | null {
  const match =
    /^pinhole:([0-9]{1,5}) (tcp|udp):([1-9][0-9]{0,4})->([0-9a-f:.]+)@(\*|[0-9a-f:.]+) (pf1_\S+) ([0-9]{1,11}) (-|[0-9]{1,10})$/.exec(
      handle,
    );
  if (!match) return null;
  const [, id, protocol, port, client, remote, tag, expires, boot] = match as unknown as string[];
  const address = parseAddress(client);
  if (address?.family !== 6 || !parseTag(tag as string)) return null;
  return {
    id: Number(id),
    protocol: protocol as Protocol,
    port: Number(port),
    client: printAddress(address),
    remoteHost: remote === '*' ? '' : (remote as string),
    tag: tag as string,
    expires: Number(expires),
    boot: boot === '-' ? null : (boot as string),
  };
}

/** One text for a tuple. */
export function tupleText({ protocol, port, client, remoteHost }: PinholeTuple): string {
  return `${protocol}:${port}->${client}@${remoteHost || '*'}`;
}

/** The pinhole that a wanted entry asks for, or why there is none. */
export function tupleOf({ forward }: WantedEntry): PinholeTuple | { readonly reason: string } {
  const { traffic, target, sources } = forward;
  const [one, ...others] = traffic;
  const [span, ...more] = one?.ports ?? [];
  if (!one || !span || others.length + more.length > 0 || span.from !== span.to || span.target !== span.from)
    return { reason: 'a pinhole is for one port of one protocol, the same outside and inside' };
  if (target.kind !== 'host' || target.family !== 6) return { reason: 'a pinhole goes to an IPv6 host' };
  const remoteHost = sources === null ? '' : /^(\S+)\/128$/.exec(sources.join(' '))?.[1];
  if (remoteHost === undefined)
    return { reason: `a pinhole admits everyone or one IPv6 address, not ${sources?.join(', ')}` };
  return { protocol: one.protocol, port: span.from, client: target.address, remoteHost };
}

/** A pinhole in the words of the backend interface. `now` = seconds since 1970. */
export function pinholeEntry(pinhole: Pinhole, now: number): Entry {
  const { id, tag, expires, protocol, port, client, remoteHost } = pinhole;
  return {
    handle: pinholeHandle(pinhole),
    tag,
    id: null,
    forward: {
      enabled: true,
      traffic: [{ protocol, ports: [{ from: port, to: port, target: port }] }],
      wan: null,
      target: { kind: 'host', family: 6, address: client },
      sources: remoteHost === '' ? null : [`${remoteHost}/128`],
      hairpin: null,
      log: false,
      description: '',
    },
    restriction: null,
    permanent: false,
    expires: Math.max(0, expires - now),
    label: `pinhole ${id}`,
    changeable: true,
    blocked: null,
  };
}
