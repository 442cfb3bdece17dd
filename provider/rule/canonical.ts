import { aggregate, parseAddress, printAddress } from './address';
import type { Forward, PortSpan, Target, Traffic } from './rule';
import { normaliseSources } from './sources';
import { joinSpans } from './spans';

/**
 * The normal form of what a codec read from a device: protocols sorted and told once, spans joined, addresses in
 * canonical text, the fewest sources. Throws RangeError for a source that is no CIDR.
 */
export function canonicalForward(forward: Forward): Forward {
  const spans = new Map<Traffic['protocol'], PortSpan[]>();
  for (const { protocol, ports } of forward.traffic) {
    spans.set(protocol, [...(spans.get(protocol) ?? []), ...ports]);
  }
  return {
    ...forward,
    traffic: [...spans]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([protocol, ports]) => ({ protocol, ports: joinSpans(ports) })),
    wan: forward.wan === null ? null : canonicalText(forward.wan),
    target: canonicalTarget(forward.target),
    sources: forward.sources === null ? null : normaliseSources(aggregate(forward.sources)),
  };
}

function canonicalTarget(target: Target): Target {
  return target.kind === 'gateway' ? target : { ...target, address: canonicalText(target.address) };
}

/** An address in its canonical text; anything else, such as a name, as it is. */
function canonicalText(text: string): string {
  const address = parseAddress(text);
  return address ? printAddress(address) : text;
}
