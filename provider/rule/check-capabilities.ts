import type { Capabilities } from './capabilities';
import { countEntries } from './expand';
import { isKnown } from './known';
import { type PortRange, parsePorts } from './ports';
import { type NamedProperty, properties } from './properties';
import { quote } from './quote';
import type { Failure, Forward, LooseInputs } from './rule';
import { normaliseSources, readSources } from './sources';
import { pairPorts, readInternalPorts } from './spans';
import { readTarget } from './target';

/** More entries than this for one rule are refused: it would take minutes and fill the table of a home router. */
export const MAX_ENTRIES = 256;

/** What this gateway cannot do, by property. Unknown and wrong values pass: `checkRule` tells the wrong ones. */
export function checkCapabilities(
  inputs: LooseInputs,
  capabilities: Capabilities,
  gatewayName: string,
): Failure[] {
  const failures: Failure[] = [];
  const fail = (property: string, reason: string) =>
    failures.push({ property, reason: `Gateway ${quote(gatewayName)} ${reason}` });
  for (const row of properties) {
    if (row.optional !== 'refused' || !asksForMore(row, inputs[row.name])) continue;
    if (row.name === 'lease' ? capabilities.lease === null : !capabilities.properties.has(row.name)) {
      fail(row.name, `cannot honour ${row.name}: leave it out (${quote(inputs[row.name])} was given).`);
    }
  }
  const { lease } = capabilities;
  const seconds = inputs.lease;
  if (lease && typeof seconds === 'number' && (seconds < lease.min || seconds > lease.max)) {
    fail('lease', `keeps mappings for ${lease.min}-${lease.max} seconds; ${seconds} is outside that.`);
  }
  const target = readTarget(inputs.internalAddress);
  if ('value' in target) {
    if (target.value.kind === 'gateway') {
      if (!capabilities.gatewayTarget)
        fail('internalAddress', 'cannot forward to a service on itself: give the address of a host.');
    } else if (!capabilities.families.includes(target.value.family)) {
      const what = target.value.family === 6 ? 'open pinholes to IPv6 hosts' : 'forward to IPv4 hosts';
      fail('internalAddress', `cannot ${what} (${quote(inputs.internalAddress)} was given).`);
    }
  }
  const sources = isKnown(inputs.sources) ? readSources(inputs.sources) : null;
  const restricted = sources && 'value' in sources ? normaliseSources(sources.value) : null;
  if (restricted && restricted.length > 0 && capabilities.entry.sources === 0) {
    fail('sources', 'cannot restrict who connects: leave sources out only if everyone may.');
  } else if (restricted && !capabilities.overlap && restricted.length > capabilities.entry.sources) {
    fail(
      'sources',
      `keeps one entry for a port, with at most ${capabilities.entry.sources} source; ${restricted.length} networks were given.`,
    );
  } else if (restricted && capabilities.entry.sourceHosts && !restricted.every(isHost)) {
    fail('sources', `can restrict to one IPv4 address, no network (${quote(inputs.sources)} was given).`);
  } else {
    const entries = entriesNeeded(inputs, restricted, capabilities);
    if (entries > MAX_ENTRIES) {
      const ports = entriesNeeded(inputs, null, capabilities) > MAX_ENTRIES;
      fail(
        ports ? 'externalPort' : 'sources',
        `would need ${entries} entries for this rule; accepted: at most ${MAX_ENTRIES}. Forward fewer ports, or from fewer sources.`,
      );
    }
  }
  return failures;
}

/** True when the value asks for something else than the default, which every gateway can do. */
function asksForMore(row: NamedProperty, value: unknown): boolean {
  return isKnown(value) && !('reason' in row.read(value)) && value !== row.default;
}

function entriesNeeded(
  inputs: LooseInputs,
  sources: readonly string[] | null,
  capabilities: Capabilities,
): number {
  const external = parsePorts(inputs.externalPort);
  if (!('spans' in external)) return 0;
  const internal = isKnown(inputs.internalPort)
    ? readInternalPorts(inputs.internalPort, external.spans)
    : null;
  const inside: PortRange[] = internal && 'value' in internal ? internal.value : external.spans;
  const ports = pairPorts(external.spans, inside);
  const both = inputs.protocol === 'tcp+udp';
  const traffic: Forward['traffic'] = both
    ? [
        { protocol: 'tcp', ports },
        { protocol: 'udp', ports },
      ]
    : [{ protocol: 'tcp', ports }];
  return countEntries({ traffic, sources }, capabilities);
}

function isHost(source: string): boolean {
  return source.endsWith(source.includes(':') ? '/128' : '/32');
}
