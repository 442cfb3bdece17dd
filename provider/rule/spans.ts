import { type PortRange, parsePorts, printPorts } from './ports';
import { quote } from './quote';
import type { Read } from './read';
import type { PortSpan } from './rule';

/** External and internal ports, piece by piece: the pieces correspond by their position. */
export function pairPorts(external: readonly PortRange[], internal: readonly PortRange[]): PortSpan[] {
  return joinSpans(
    external.map(({ from, to }, index) => ({ from, to, target: (internal[index] as PortRange).from })),
  );
}

/** The normal form: sorted by `from`, merged where both sides continue. */
export function joinSpans(spans: readonly PortSpan[]): PortSpan[] {
  const joined: PortSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from || a.to - b.to || a.target - b.target)) {
    const last = joined.at(-1);
    if (last && last.to + 1 === span.from && last.target + (span.from - last.from) === span.target) {
      joined[joined.length - 1] = { ...last, to: span.to };
    } else {
      joined.push({ from: span.from, to: span.to, target: span.target });
    }
  }
  return joined;
}

/** The internal side of spans, in the order of the external ports, merged where it continues. */
export function internalRanges(spans: readonly PortSpan[]): PortRange[] {
  const ranges: PortRange[] = [];
  for (const { from, to, target } of spans) {
    const last = ranges.at(-1);
    const end = target + (to - from);
    if (last && last.to + 1 === target) ranges[ranges.length - 1] = { from: last.from, to: end };
    else ranges.push({ from: target, to: end });
  }
  return ranges;
}

/** Reads `internalPort` beside the external ports that it must match in shape and length. */
export function readInternalPorts(value: unknown, external: readonly PortRange[]): Read<PortRange[]> {
  const parsed = parsePorts(value, { repeats: true });
  if ('reason' in parsed) return parsed;
  const internal = parsed.spans;
  const fits =
    internal.length === external.length &&
    internal.every((range, index) => size(range) === size(external[index] as PortRange));
  if (fits) return { value: internal };
  return { reason: shapeFault(value, internal, external) };
}

const size = ({ from, to }: PortRange): number => to - from + 1;

function shapeFault(value: unknown, internal: readonly PortRange[], external: readonly PortRange[]): string {
  const outside = `externalPort ${quote(printPorts(external))}`;
  const [only] = internal;
  if (only && internal.length === 1 && size(only) === 1) {
    return `${quote(value)} is one port for the several of ${outside}. ${bothSpellings(only.from, external)}`;
  }
  const fault =
    internal.length === external.length
      ? 'has ranges of other lengths than'
      : `has ${count(internal.length)} where there ${external.length === 1 ? 'is' : 'are'} ${external.length} in`;
  return `${quote(value)} ${fault} ${outside}; accepted: the same shape and length, piece by piece, such as ${quote(printPorts(external))}.`;
}

const count = (pieces: number): string => (pieces === 1 ? '1 piece' : `${pieces} pieces`);

/** One number for several ports can mean two things; the message shows how to write each. */
function bothSpellings(port: number, external: readonly PortRange[]): string {
  const shift = port - (external[0] as PortRange).from;
  const moved = external.map(({ from, to }) => ({ from: from + shift, to: to + shift }));
  const inside = moved.every(({ from, to }) => from >= 1 && to <= 65535);
  const apart = inside
    ? `write ${quote(printPorts(moved))} to give each its own`
    : 'write as many ports as there are outside to give each its own';
  const singles = external.flatMap((range) =>
    Array.from({ length: Math.min(size(range), 5) }, (_, i) => range.from + i),
  );
  const total = external.reduce((sum, range) => sum + size(range), 0);
  const list = (ports: readonly number[]) => quote(`${ports.slice(0, 4).join(',')}${total > 4 ? ',…' : ''}`);
  const all = list(singles.map(() => port));
  const together =
    total === external.length
      ? `write ${all} to send all of them to ${port}`
      : `write every port out, externalPort ${list(singles)} and internalPort ${all}, to send all of them to ${port}`;
  return `Either ${apart}, or ${together}.`;
}
