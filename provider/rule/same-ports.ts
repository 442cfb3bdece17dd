import { mergeRanges, type PortRange, parsePorts } from './ports';
import { type Forward, type LooseInputs, type Protocol, type Traffic, UNKNOWN } from './rule';
import { internalRanges, joinSpans, pairPorts, readInternalPorts } from './spans';

/** The protocols of a forward as a user writes them: `tcp+udp`. */
export function protocolsOf({ traffic }: Forward): string {
  return traffic.map(({ protocol }) => protocol).join('+');
}

/** Whether two forwards take other external ports. */
export function externalDiffers(wanted: Forward, live: Forward): boolean {
  return differs(wanted, live, ({ ports }) => mergeRanges(ports));
}

/** Whether the external ports, taken in order, go to other internal ports. */
export function internalDiffers(wanted: Forward, live: Forward): boolean {
  return differs(wanted, live, ({ ports }) => internalRanges(joinSpans(ports)));
}

/** The normal form of `internalPort` among the inputs: the internal ports in the order of the external ones. */
export function internalMeaning({ externalPort, internalPort }: LooseInputs): unknown {
  if (externalPort === UNKNOWN) return alone(internalPort);
  const external = parsePorts(externalPort);
  if (!('spans' in external)) return internalPort ?? null;
  if (internalPort === undefined || internalPort === null) return mergeRanges(external.spans);
  const internal = readInternalPorts(internalPort, external.spans);
  return 'value' in internal ? internalRanges(pairPorts(external.spans, internal.value)) : internalPort;
}

/** One piece needs no external port to be placed; more do, and so are unknown with them. */
function alone(internalPort: unknown): unknown {
  const internal = parsePorts(internalPort, { repeats: true });
  return 'spans' in internal && internal.spans.length === 1 ? internal.spans : UNKNOWN;
}

/**
 * Compares protocol by protocol where both have one in common, so that a protocol that came or went counts as that
 * alone; else the whole.
 */
function differs(a: Forward, b: Forward, of: (traffic: Traffic) => PortRange[]): boolean {
  const key = (traffic: Traffic | undefined) => (traffic ? JSON.stringify(of(traffic)) : '');
  const get = ({ traffic }: Forward, protocol: Protocol) => traffic.find((one) => one.protocol === protocol);
  const shared = a.traffic.filter(({ protocol }) => get(b, protocol));
  if (shared.length > 0) return shared.some((one) => key(one) !== key(get(b, one.protocol)));
  return key(a.traffic[0]) !== key(b.traffic[0]);
}
