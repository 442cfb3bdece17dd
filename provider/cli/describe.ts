import type { Entry } from '../backends/backend';
import { splitId } from '../rule/identity';
import { printPorts } from '../rule/ports';
import type { Forward, PortSpan } from '../rule/rule';

/** `tcp 443, udp 8000-8010 on wan2`. */
export function describeTraffic({ traffic, wan }: Forward): string {
  const text = traffic.map(({ protocol, ports }) => `${protocol} ${printPorts(ports)}`).join(', ');
  return wan === null ? text : `${text} on ${wan}`;
}

/** `192.168.50.10:443`; ports are left out where they stay the same. */
export function describeTarget({ target, traffic }: Forward): string {
  const spans = traffic.flatMap(({ ports }) => ports);
  const ports = spans.some(({ from, target: to }) => from !== to) ? `:${printPorts(internal(spans))}` : '';
  if (target.kind === 'gateway') return `gateway${ports}`;
  return target.family === 6 && ports ? `[${target.address}]${ports}` : `${target.address}${ports}`;
}

/** `everyone`, or the networks. */
export function describeSources({ sources }: Forward): string {
  return sources === null ? 'everyone' : sources.join(', ');
}

/** Whose entry it is; null for a foreign one, or where the device had no room for the readable id. */
export function ownerOf(entry: Entry): { readonly owner: string; readonly name: string } | null {
  return entry.tag === null || entry.id === null ? null : splitId(entry.id);
}

/** How a person calls the entry. */
export function nameOf(entry: Entry): string {
  if (entry.tag === null) return '(foreign)';
  return entry.id ?? entry.tag;
}

function internal(spans: readonly PortSpan[]): { from: number; to: number }[] {
  const ranges = spans.map(({ from, to, target }) => ({ from: target, to: target + to - from }));
  return [...new Map(ranges.map((range) => [`${range.from}-${range.to}`, range])).values()];
}
