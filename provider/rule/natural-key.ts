import { parseAddress, printAddress } from './address';
import { mergeRanges, type PortRange, parsePorts, printPorts } from './ports';
import type { Forward, Protocol } from './rule';

interface Ported {
  readonly protocol: Protocol;
  readonly ports: readonly PortRange[];
}

/**
 * What an entry takes, as people write it: `tcp:443`, `udp:8000-8010@wan2`, `tcp+udp:53`. A pinhole names its host,
 * since each host has its own ports: `tcp:443->2001:db8::10`.
 */
export function naturalKey({ traffic, wan, target }: Pick<Forward, 'traffic' | 'wan' | 'target'>): string {
  const pinhole = target.kind === 'host' && target.family === 6 ? `->${target.address}` : '';
  return `${trafficKey(traffic)}${wan === null ? '' : `@${wan}`}${pinhole}`;
}

/** `tcp+udp:53`, or `tcp:80;udp:81` where the protocols have other ports. */
export function trafficKey(traffic: readonly Ported[]): string {
  const byPorts = new Map<string, Protocol[]>();
  for (const { protocol, ports } of traffic) {
    const text = printPorts(mergeRanges(ports));
    byPorts.set(text, [...(byPorts.get(text) ?? []), protocol]);
  }
  return [...byPorts].map(([ports, protocols]) => `${protocols.join('+')}:${ports}`).join(';');
}

/** The canonical form of a natural key that a user wrote: `UDP+TCP:443,80@WAN` is `tcp+udp:80,443@WAN`. Else null. */
export function readNaturalKey(text: string): string | null {
  const match = /^(tcp|udp|tcp\+udp|udp\+tcp):([0-9,-]+)(?:@([^@>]+?))?(?:->(.+))?$/i.exec(text);
  const parsed = match ? parsePorts(match[2]) : null;
  if (!match || !parsed || !('spans' in parsed)) return null;
  const protocols = (match[1] as string).toLowerCase().split('+').sort().join('+');
  const [wan, host] = [match[3], match[4]].map((place) => {
    const address = parseAddress(place);
    return address ? printAddress(address) : place;
  });
  const key = `${protocols}:${printPorts(mergeRanges(parsed.spans))}`;
  return `${key}${wan === undefined ? '' : `@${wan}`}${host === undefined ? '' : `->${host}`}`;
}
