import type { Capabilities } from './capabilities';
import { PortforwardError } from './error';
import type { Forward, PortSpan, Traffic } from './rule';

export { fold } from './fold';

type Content = Pick<Forward, 'traffic' | 'sources'>;

/**
 * Cuts a forward into entries that this gateway can hold, in a stable order: by protocol, then port, then source.
 * Throws PortforwardError `unsupported` where sources cannot be restricted at all.
 */
export function expand(forward: Forward, capabilities: Capabilities): Forward[] {
  const sources = sourceGroups(forward.sources, capabilities.entry.sources);
  return trafficGroups(forward.traffic, capabilities).flatMap((traffic) =>
    sources.map((group) => ({ ...forward, traffic, sources: group })),
  );
}

/** How many entries `expand` would give, without making them. */
export function countEntries({ traffic, sources }: Content, { entry }: Capabilities): number {
  const portGroups = (ports: readonly PortSpan[]): number => {
    const single = (span: PortSpan) => entry.ports === 'single' || (!entry.shift && isShifted(span));
    const alone = ports.filter(single).reduce((sum, { from, to }) => sum + to - from + 1, 0);
    const rest = ports.filter((span) => !single(span)).length;
    return alone + (entry.ports === 'list' ? Math.min(rest, 1) : rest);
  };
  const groups = traffic.map(({ ports }) => portGroups(ports));
  const sum =
    entry.protocols === 'both' && allSame(traffic) ? (groups[0] ?? 0) : groups.reduce((a, b) => a + b, 0);
  return sum * (sources === null ? 1 : Math.ceil(sources.length / Math.max(entry.sources, 1)));
}

function sourceGroups(sources: Forward['sources'], most: number): Forward['sources'][] {
  if (sources === null) return [null];
  if (most < 1)
    throw new PortforwardError('unsupported', 'This gateway cannot restrict who connects.', {
      property: 'sources',
    });
  const size = Math.min(most, sources.length);
  return Array.from({ length: Math.ceil(sources.length / size) }, (_, index) =>
    sources.slice(index * size, (index + 1) * size),
  );
}

function trafficGroups(traffic: readonly Traffic[], capabilities: Capabilities): Traffic[][] {
  const [first] = traffic;
  if (first && capabilities.entry.protocols === 'both' && allSame(traffic)) {
    return portGroups(first.ports, capabilities).map((ports) =>
      traffic.map(({ protocol }) => ({ protocol, ports })),
    );
  }
  return traffic.flatMap(({ protocol, ports }) =>
    portGroups(ports, capabilities).map((group) => [{ protocol, ports: group }]),
  );
}

function portGroups(ports: readonly PortSpan[], { entry }: Capabilities): PortSpan[][] {
  const pieces = ports.flatMap((span) =>
    entry.ports === 'single' || (!entry.shift && isShifted(span)) ? singlePorts(span) : [span],
  );
  if (entry.ports !== 'list') return pieces.map((piece) => [piece]);
  const together = pieces.filter((piece) => entry.shift || !isShifted(piece));
  const alone = pieces.filter((piece) => !entry.shift && isShifted(piece)).map((piece) => [piece]);
  return together.length > 0 ? [together, ...alone] : alone;
}

function singlePorts({ from, to, target }: PortSpan): PortSpan[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    from: from + index,
    to: from + index,
    target: target + index,
  }));
}

function isShifted({ from, target }: PortSpan): boolean {
  return from !== target;
}

/** Whether all protocols have the same ports, so that one entry can hold them. */
function allSame(traffic: readonly Traffic[]): boolean {
  const [first, ...others] = traffic.map(({ ports }) => JSON.stringify(ports));
  return others.every((ports) => ports === first);
}
