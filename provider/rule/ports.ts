import { quote } from './quote';

/** Ports `from`..`to`, both within 1-65535. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export type ParsedPorts = { readonly spans: PortRange[] } | { readonly reason: string };

/** What the one port grammar accepts, in words. */
export const PORTS_ACCEPTED =
  'a port 1-65535 (443), a range ("8000-8010") or a list of both ("80,443,8000-8010"), without spaces';

/**
 * Parses the one port grammar: `443`, `"443"`, `"8000-8010"`, `"80,443,8000-8010"`. The pieces keep the order in
 * which they were written, since those of `externalPort` and `internalPort` correspond. A port named twice is
 * refused, unless `repeats` allows it (several external ports may go to one internal port).
 */
export function parsePorts(value: unknown, options: { readonly repeats?: boolean } = {}): ParsedPorts {
  if (typeof value === 'number')
    if (typeof value === 'number' && Number.isInteger(value)) return parseText(String(value), value, options);
  if (typeof value === 'string') return parseText(value, value, options);
  return refuse(value, 'is not a port');
}

/** Prints ranges in the order given; the inverse of `parsePorts`. */
export function printPorts(spans: readonly PortRange[]): string {
  return spans.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

/** Sorted, disjoint and with neighbours merged: two port sets that are equal give the same ranges. */
export function mergeRanges(ranges: readonly PortRange[]): PortRange[] {
  const merged: PortRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = merged.at(-1);
    if (last && range.from <= last.to + 1) {
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    } else {
      merged.push({ from: range.from, to: range.to });
    }
  }
  return merged;
}

function parseText(text: string, value: unknown, { repeats }: { readonly repeats?: boolean }): ParsedPorts {
  const spans: PortRange[] = [];
  for (const piece of text.split(',')) {
    const range = parsePiece(piece);
    if (typeof range === 'string') {
      if (text === '') return refuse(value, 'is not a port');
      const where = piece === text || piece === '' ? '' : ` (at ${quote(piece)})`;
      return refuse(value, `${range}${where}`);
    }
    spans.push(range);
  }
  const twice = repeats ? null : firstRepeat(spans);
  if (twice !== null) return refuse(value, `names port ${twice} twice`);
  return { spans };
}

/** A range, or what is wrong with the piece. */
function parsePiece(piece: string): PortRange | string {
  const match = /^([0-9]+)(?:-([0-9]+))?$/.exec(piece);
  if (!match) {
    if (/^[0-9]+-$/.test(piece)) return 'is a range without an end';
    return piece === '' ? 'has a comma without a port beside it' : 'is not a port';
  }
  const ends = [match[1] as string, match[2] ?? (match[1] as string)];
  if (ends.some((end) => /^0[0-9]/.test(end))) return 'has a leading zero';
  const [from, to] = ends.map(Number) as [number, number];
  if (from < 1 || to < 1 || from > 65535 || to > 65535) return 'is outside 1-65535';
  if (from > to) return 'is a range that runs backwards';
  return { from, to };
}

function firstRepeat(spans: readonly PortRange[]): number | null {
  let end = 0;
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    if (from <= end) return from;
    end = to;
  }
  return null;
}

function refuse(value: unknown, fault: string): { reason: string } {
  const meant = typeof value === 'string' || typeof value === 'number' ? meantPorts(String(value)) : null;
  const hint = meant === null ? '' : ` Did you mean ${/^[0-9]+$/.test(meant) ? meant : `"${meant}"`}?`;
  const shown = value === '' ? 'The empty text' : quote(value);
  return { reason: `${shown} ${fault}; accepted: ${PORTS_ACCEPTED}.${hint}` };
}

/** Names that people write for ports. */
const SERVICES: Readonly<Record<string, string>> = {
  http: '80',
  https: '443',
  ssh: '22',
  dns: '53',
  rdp: '3389',
};

/** The valid text that was most likely meant, or null where guessing would be reckless. */
function meantPorts(value: string): string | null {
  if (value.length > 200) return null;
  let text = value.normalize('NFKC').trim().toLowerCase();
  if (Object.hasOwn(SERVICES, text)) return SERVICES[text] as string;
  if (/^0x[0-9a-f]{1,4}$/.test(text) || /^[1-9]e[0-4]$/.test(text)) text = String(Number(text));
  text = text
    .replace(/^(tcp|udp)\s*[/:]|[/:]\s*(tcp|udp)$/g, '')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/(?<=[0-9])\s*(?:-|:|\.\.\.?|to)\s*(?=[0-9])/g, '-')
    .replace(/[\s;,|]+/g, ',')
    .replace(/^,|,$/g, '');
  const ranges: PortRange[] = [];
  for (const piece of text.split(',')) {
    const match = /^[a-z+-]?[a-z]*0*([0-9]+)(?:-0*([0-9]+))?[a-z]*$/.exec(piece);
    if (!match) return null;
    const ends = [Number(match[1]), Number(match[2] ?? match[1])].sort((a, b) => a - b);
    const range = parsePiece(ends.join('-'));
    if (typeof range === 'string') return null;
    ranges.push(range);
  }
  return printPorts(firstRepeat(ranges) === null ? ranges : mergeRanges(ranges));
}
