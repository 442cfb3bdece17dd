import { aggregate } from './address';
import { PortforwardError } from './error';
import { naturalKey, trafficKey } from './natural-key';
import type { PropertyName } from './property';
import type { Forward, PortSpan, Protocol, Traffic } from './rule';
import { joinSpans } from './spans';
import { printTarget } from './target';

/** A stretch of external ports that some set of entries treats alike. */
interface Stretch {
  readonly protocol: Protocol;
  readonly from: number;
  readonly to: number;
  readonly targets: readonly number[];
  readonly sources: readonly string[] | null;
}

/**
 * Puts the entries of one rule together again: the inverse of `expand`. Where they disagree (in target, sources,
 * whether enabled …) the result says so in `mixed`, and so equals no rule. Throws for no entries at all.
 */
export function fold(parts: readonly Forward[]): Forward {
  const [first] = parts;
  if (!first) throw new PortforwardError('internal', 'There are no entries to fold.');
  const stretches = (['tcp', 'udp'] as const).flatMap((protocol) => cut(protocol, parts));
  const mixed: { [P in PropertyName]?: string } = {};
  const note = (property: PropertyName, show: (part: Forward) => string | null) => {
    // One entry agrees with itself, and most rules have one.
    if (parts.length === 1) return;
    const said = [...new Set(parts.map(show).filter((text) => text !== null))];
    if (said.length > 1) mixed[property] = perPart(parts, show);
  };
  note('enabled', ({ enabled }) => String(enabled));
  note('wan', ({ wan }) => wan ?? 'every WAN');
  note('internalAddress', ({ target }) => printTarget(target));
  note('hairpin', ({ hairpin }) => (hairpin === null ? null : String(hairpin)));
  note('log', ({ log }) => String(log));
  note('description', ({ description }) => JSON.stringify(description));
  if (stretches.some(({ targets }) => targets.length > 1)) {
    mixed.internalPort = perStretch(stretches, ({ from, to, targets }) =>
      targets.map((target) => (from === to ? `${target}` : `${target}-${target + to - from}`)).join(' and '),
    );
  }
  const sources = stretches[0]?.sources ?? null;
  if (new Set(stretches.map((one) => JSON.stringify(one.sources))).size > 1) {
    mixed.sources = perStretch(stretches, (one) => one.sources?.join(',') ?? 'everyone');
  }
  for (const part of parts) Object.assign(mixed, part.mixed);
  const folded: Forward = {
    enabled: first.enabled,
    traffic: toTraffic(stretches),
    wan: first.wan,
    target: first.target,
    sources,
    hairpin: parts.find(({ hairpin }) => hairpin !== null)?.hairpin ?? null,
    log: first.log,
    description: first.description,
  };
  return Object.keys(mixed).length > 0 ? { ...folded, mixed } : folded;
}

/** Cuts the ports of one protocol wherever some entry begins or ends. */
function cut(protocol: Protocol, parts: readonly Forward[]): Stretch[] {
  const spans = parts.flatMap(({ traffic, sources }) =>
    traffic
      .filter((one) => one.protocol === protocol)
      .flatMap(({ ports }) => ports.map((span) => ({ ...span, sources }))),
  );
  const edges = [...new Set(spans.flatMap(({ from, to }) => [from, to + 1]))].sort((a, b) => a - b);
  const starting = [...spans].sort((a, b) => a.from - b.from);
  let open: typeof spans = [];
  const stretches: Stretch[] = [];
  for (const [index, from] of edges.entries()) {
    open = open.filter((span) => span.to >= from);
    while (starting[0]?.from === from) open.push(starting.shift() as (typeof spans)[number]);
    if (open.length === 0) continue;
    const to = (edges[index + 1] as number) - 1;
    const sources = open.some((span) => span.sources === null)
      ? null
      : aggregate(open.flatMap((span) => span.sources ?? []));
    const targets = [...new Set(open.map((span) => span.target + (from - span.from)))].sort((a, b) => a - b);
    stretches.push({ protocol, from, to, targets, sources });
  }
  return stretches;
}

function toTraffic(stretches: readonly Stretch[]): Traffic[] {
  const spans = new Map<Protocol, PortSpan[]>();
  for (const { protocol, from, to, targets } of stretches) {
    const list = spans.get(protocol) ?? [];
    list.push({ from, to, target: targets[0] as number });
    spans.set(protocol, list);
  }
  return [...spans].map(([protocol, list]) => ({ protocol, ports: joinSpans(list) }));
}

function perPart(parts: readonly Forward[], show: (part: Forward) => string | null): string {
  return list(parts.map((part) => [naturalKey(part), show(part) ?? 'not told']));
}

function perStretch(stretches: readonly Stretch[], show: (stretch: Stretch) => string): string {
  return list(stretches.map((one) => [trafficKey([{ protocol: one.protocol, ports: [one] }]), show(one)]));
}

/** Who says what. The state of users holds this text, so many entries are told by what they say. */
function list(said: readonly (readonly [key: string, value: string])[]): string {
  if (said.length <= 4) return said.map(([key, value]) => `${key}: ${value}`).join('; ');
  const keys = new Map<string, string[]>();
  for (const [key, value] of said) keys.set(value, [...(keys.get(value) ?? []), key]);
  const texts = [...keys].map(([value, [first, ...others]]) => {
    return `${first}${others.length > 0 ? ` and ${others.length} more` : ''}: ${value}`;
  });
  return texts.length > 4
    ? `${texts.slice(0, 4).join('; ')}; and ${texts.length - 4} more`
    : texts.join('; ');
}
