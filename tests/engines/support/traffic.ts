import type { Forward } from '../../../provider/rule/rule';

/** A forward on one line: `tcp 443 -> 192.168.50.10:8443 from 203.0.113.0/24`. */
export function traffic(forward: Forward): string {
  const { target, sources, enabled, wan } = forward;
  const to = target.kind === 'host' ? target.address : 'gateway';
  const ports = forward.traffic.map(
    ({ protocol, ports }) =>
      `${protocol} ${ports.map(({ from, to: last }) => range(from, last)).join(',')} -> ${to}:${ports
        .map(({ from, to: last, target: first }) => range(first, first + last - from))
        .join(',')}`,
  );
  const parts = [ports.join(' and '), wan && `on ${wan}`, sources && `from ${sources.join(',')}`];
  return `${parts.filter(Boolean).join(' ')}${enabled ? '' : ' (off)'}`;
}

function range(from: number, to: number): string {
  return from === to ? `${from}` : `${from}-${to}`;
}
