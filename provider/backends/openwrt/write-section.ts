import { parseAddress } from '../../rule/address';
import type { PortRange } from '../../rule/ports';
import type { Forward, PortSpan } from '../../rule/rule';
import type { WantedEntry } from '../backend';
import { MAX_NAME } from './read-section';
import { type Zone, type Zones, zoneOfHost } from './zones';

/** A section as it shall be: everything it shall say, and nothing else. Never a list: `add` would append to one. */
export interface WantedSection {
  readonly type: 'redirect' | 'rule';
  readonly options: Readonly<Record<string, string>>;
}

/** Why this router cannot hold an entry, in words. */
export interface Unfit {
  readonly message: string;
  readonly hint: string;
}

/** The section for an entry; what it is for follows from where the packets go. */
export function writeSection({ id, forward }: WantedEntry, zones: Zones): WantedSection | Unfit {
  const zone = zoneOf(forward, zones);
  if (!('name' in zone)) return zone;
  const unfit = hairpinProblem(forward);
  if (unfit) return unfit;
  const [span, ...more] = forward.traffic[0]?.ports ?? [];
  if (!span || more.length > 0) return { message: 'one section holds one range of ports', hint: '' };
  const { target } = forward;
  const shifted = span.from !== span.target;
  if (target.kind === 'gateway')
    return shifted ? redirect(id, forward, span, zone, zones) : rule(id, forward, span, zone, 'ipv4', null);
  if (target.family === 4) return redirect(id, forward, span, zone, zones);
  return rule(id, forward, span, zone, 'ipv6', zoneOfHost(target.address, zones)?.name ?? '*');
}

/** A translation: to a host, or to another port of the router itself. */
function redirect(id: string, forward: Forward, span: PortSpan, zone: Zone, zones: Zones): WantedSection {
  const { target, hairpin } = forward;
  const host = target.kind === 'host' ? target.address : null;
  const home = host === null ? null : zoneOfHost(host, zones);
  return {
    type: 'redirect',
    options: {
      ...common(id, forward, zone),
      target: 'DNAT',
      ...(home ? { dest: home.name } : {}),
      ...(wanAddress(forward) === null ? {} : { src_dip: wanAddress(forward) as string }),
      src_dport: printRange(span),
      ...(host === null ? {} : { dest_ip: host }),
      // Unset it is the same port; fw4 then keeps each port of a range.
      ...(span.from === span.target ? {} : { dest_port: String(span.target) }),
      ...(hairpin === null ? {} : { reflection: hairpin ? '1' : '0' }),
    },
  };
}

/**
 * An opening without translation. For a service of the router itself too: a redirect to the port it had anyway does not count
 * as one, so `ct status dnat accept` lets nothing in (measured).
 */
function rule(
  id: string,
  forward: Forward,
  span: PortSpan,
  zone: Zone,
  family: 'ipv4' | 'ipv6',
  dest: string | null,
): WantedSection {
  const { target } = forward;
  const to = target.kind === 'host' ? target.address : wanAddress(forward);
  return {
    type: 'rule',
    options: {
      ...common(id, forward, zone),
      target: 'ACCEPT',
      family,
      ...(dest === null ? {} : { dest }),
      ...(to === null ? {} : { dest_ip: to }),
      dest_port: printRange(span),
    },
  };
}

function common(id: string, forward: Forward, zone: Zone): Record<string, string> {
  const { enabled, traffic, sources, log, description } = forward;
  const name = displayName(id);
  return {
    name,
    ...(name === id ? {} : { pf_id: id }),
    src: zone.name,
    proto: traffic.map(({ protocol }) => protocol).join(' '),
    ...(sources === null ? {} : { src_ip: sources.join(' ') }),
    ...(log ? { log: '1' } : {}),
    ...(enabled ? {} : { enabled: '0' }),
    ...(description === '' ? {} : { pf_description: description }),
  };
}

/** The readable id, cut at the front where it is too long: its end is the rule's name. It is ASCII. */
export function displayName(id: string): string {
  return id.length <= MAX_NAME ? id : `...${id.slice(3 - MAX_NAME)}`;
}

function printRange({ from, to }: PortRange): string {
  return from === to ? `${from}` : `${from}-${to}`;
}

function wanAddress({ wan }: Forward): string | null {
  return wan !== null && parseAddress(wan) ? wan : null;
}

/** The zone that the entry belongs to: fw4 has no entry for all of them. */
function zoneOf({ wan }: Forward, { wan: wans }: Zones): Zone | Unfit {
  const named =
    wan === null ? undefined : wans.find(({ name, addresses }) => name === wan || addresses.includes(wan));
  if (named) return named;
  const names = wans.map(({ name }) => name).join(', ') || 'none';
  const [only, ...others] = wans;
  if (only && others.length === 0 && (wan === null || parseAddress(wan))) return only;
  return {
    message:
      wan === null
        ? `an entry belongs to one WAN zone, and the router has ${names}`
        : `the router has no WAN zone and no address "${wan}"; its WAN zones are ${names}`,
    hint: 'Name one of them as `wan`, or the zones that face the internet as `wanZones` of the gateway.',
  };
}

/** fw4 reflects redirects to a host, and nothing else. */
function hairpinProblem({ hairpin, target }: Forward): Unfit | null {
  if (hairpin === null) return null;
  if (target.kind === 'gateway')
    return {
      message:
        'hairpin cannot be set for a service on the router itself: its LAN zone decides who reaches it from inside',
      hint: 'Leave hairpin out.',
    };
  if (target.family === 6 && !hairpin)
    return {
      message: 'hairpin: false cannot be kept for a pinhole: hosts inside reach the address directly',
      hint: 'Leave hairpin out.',
    };
  return null;
}
