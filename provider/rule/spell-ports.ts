import { mergeRanges, type PortRange, parsePorts, printPorts } from './ports';
import type { Forward, LooseInputs, PortSpan, Traffic } from './rule';
import { internalRanges, joinSpans, pairPorts, readInternalPorts } from './spans';

/** How a user would write these ports: one port as a number. */
export function writePorts(ranges: readonly PortRange[]): number | string {
  const [only] = ranges;
  return only && ranges.length === 1 && only.from === only.to ? only.from : printPorts(ranges);
}

/** `externalPort` for the live state: the old spelling where it can still carry the mapping, else canonical text. */
export function spellExternal(live: Forward, recorded: LooseInputs): number | string {
  const spans = commonSpans(live.traffic);
  if (!spans) {
    return perProtocol(live.traffic, (traffic) => mergeRanges(traffic.ports));
  }
  const old = parsePorts(recorded.externalPort);
  if ('spans' in old && sameRanges(old.spans, spans) && internalPieces(old.spans, spans)) {
    return recorded.externalPort as number | string;
  }
  return writePorts(isShifted(spans) ? spans : mergeRanges(spans));
}

/** `internalPort` beside the external ports already spelled; undefined = the same as these. */
export function spellInternal(
  live: Forward,
  recorded: LooseInputs,
  { externalPort }: LooseInputs,
): number | string | undefined {
  const spans = commonSpans(live.traffic);
  const shifted = live.traffic.some(({ ports }) => isShifted(ports));
  const unset = recorded.internalPort === undefined || recorded.internalPort === null;
  if (unset && !shifted) return undefined;
  if (!spans) return perProtocol(live.traffic, ({ ports }) => internalRanges(ports));
  const outside = parsePorts(externalPort);
  if (!('spans' in outside)) return writePorts(internalRanges(spans));
  const old = readInternalPorts(recorded.internalPort, outside.spans);
  if ('value' in old && sameSpans(pairPorts(outside.spans, old.value), spans)) {
    return recorded.internalPort as number | string;
  }
  return writePorts(internalPieces(outside.spans, spans) ?? internalRanges(spans));
}

/** The spans that all protocols share, or null where they differ: no rule can say that. */
function commonSpans(traffic: readonly Traffic[]): readonly PortSpan[] | null {
  const [first, ...others] = traffic;
  if (!first) return null;
  return others.every(({ ports }) => sameSpans(ports, first.ports)) ? first.ports : null;
}

/** What only the device can say, shown as it is: `tcp:80; udp:81`. No rule accepts it, so it is always drift. */
function perProtocol(
  traffic: readonly Traffic[],
  ranges: (traffic: Traffic) => readonly PortRange[],
): number | string {
  const texts = traffic.map((one) => printPorts(ranges(one)));
  const [first] = traffic;
  if (first && new Set(texts).size === 1) return writePorts(ranges(first));
  return traffic.map(({ protocol }, index) => `${protocol}:${texts[index]}`).join('; ');
}

function isShifted(spans: readonly PortSpan[]): boolean {
  return spans.some(({ from, target }) => from !== target);
}

function sameRanges(a: readonly PortRange[], b: readonly PortRange[]): boolean {
  return printPorts(mergeRanges(a)) === printPorts(mergeRanges(b));
}

export function sameSpans(a: readonly PortSpan[], b: readonly PortSpan[]): boolean {
  return JSON.stringify(joinSpans(a)) === JSON.stringify(joinSpans(b));
}

/** The internal ports of each external piece, in its order; null where a piece goes to more than one place. */
function internalPieces(pieces: readonly PortRange[], spans: readonly PortSpan[]): PortRange[] | null {
  const result: PortRange[] = [];
  for (const { from, to } of pieces) {
    const span = spans.find((one) => one.from <= from && to <= one.to);
    if (!span) return null;
    result.push({ from: span.target + (from - span.from), to: span.target + (to - span.from) });
  }
  return result;
}
