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

/** What is wrong, and what is accepted instead, where the words alone do not say it. */
interface Fault {
  readonly words: string;
  readonly accepted?: string;
}

/** Who wrote a range knows the grammar: only what is no port at all is told the whole of it. */
const FAULTS = {
  noPort: { words: 'is not a port', accepted: PORTS_ACCEPTED },
  outside: { words: 'is outside 1-65535' },
  backwards: { words: 'is a range that runs backwards', accepted: 'the lower port first ("8000-8010")' },
  endless: { words: 'is a range without an end', accepted: 'its first and its last port ("8000-8010")' },
  zero: { words: 'has a leading zero', accepted: 'the port without it' },
  comma: {
    words: 'has a comma without a port beside it',
    accepted: 'one comma between two ports ("80,443")',
  },
} as const satisfies Readonly<Record<string, Fault>>;

/**
 * Parses the one port grammar: `443`, `"443"`, `"8000-8010"`, `"80,443,8000-8010"`. The pieces keep the order in
 * which they were written, since those of `externalPort` and `internalPort` correspond. A port named twice is
 * refused, unless `repeats` allows it (several external ports may go to one internal port).
 */
export function parsePorts(value: unknown, options: { readonly repeats?: boolean } = {}): ParsedPorts {
  if (typeof value === 'number' && Number.isInteger(value))
    return isPort(value) ? { spans: [{ from: value, to: value }] } : parseText(String(value), value, options);
  if (typeof value === 'string') return parseText(value, value, options);
  return refuse(value, FAULTS.noPort);
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
    if ('words' in range) {
      if (text === '') return refuse(value, FAULTS.noPort);
      const where = piece === text || piece === '' ? '' : ` (at ${quote(piece)})`;
      return refuse(value, { ...range, words: `${range.words}${where}` });
    }
    spans.push(range);
  }
  const twice = repeats ? null : firstRepeat(spans);
  if (twice !== null)
    return refuse(value, { words: `names port ${twice} twice`, accepted: 'each port once' });
  return { spans };
}

const isPort = (value: number): boolean => value >= 1 && value <= 65535;

function parsePiece(piece: string): PortRange | Fault {
  const match = /^([0-9]+)(?:-([0-9]+))?$/.exec(piece);
  if (!match) {
    if (/^[0-9]+-$/.test(piece)) return FAULTS.endless;
    return piece === '' ? FAULTS.comma : FAULTS.noPort;
  }
  const ends = [match[1] as string, match[2] ?? (match[1] as string)];
  if (ends.some((end) => /^0[0-9]/.test(end))) return FAULTS.zero;
  const [from, to] = ends.map(Number) as [number, number];
  if (!isPort(from) || !isPort(to)) return FAULTS.outside;
  return from > to ? FAULTS.backwards : { from, to };
}

function firstRepeat(spans: readonly PortRange[]): number | null {
  let end = 0;
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    if (from <= end) return from;
    end = to;
  }
  return null;
}

function refuse(value: unknown, { words, accepted }: Fault): { reason: string } {
  const meant = meantPorts(asText(value));
  const hint = meant === null ? '' : ` Did you mean ${/^[0-9]+$/.test(meant) ? meant : `"${meant}"`}?`;
  const shown = value === '' ? 'The empty text' : quote(value);
  return { reason: `${shown} ${words}${accepted === undefined ? '' : `; accepted: ${accepted}`}.${hint}` };
}

/** What can be guessed from: a list of ports is written as one text here, other than where people come from. */
function asText(value: unknown): string {
  const items: unknown[] = Array.isArray(value) && value.length <= 100 ? value : [value];
  return items.every((item) => typeof item === 'string' || typeof item === 'number') ? items.join(',') : '';
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
    if ('words' in range) return null;
    ranges.push(range);
  }
  return printPorts(firstRepeat(ranges) === null ? ranges : mergeRanges(ranges));
}
