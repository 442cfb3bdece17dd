import { isKnown, isUnset } from './known';
import { nearest } from './nearest';
import { parsePorts } from './ports';
import { properties, table } from './properties';
import { quote } from './quote';
import { type Failure, type LooseInputs, UNKNOWN } from './rule';
import { alienSource, readSources } from './sources';
import { pairPorts, readInternalPorts } from './spans';
import { familyOf, printTarget, readTarget } from './target';
import { readWan, wanFamily } from './wan';

export { checkCapabilities, MAX_ENTRIES } from './check-capabilities';
export { checkNetwork } from './check-network';

/** Every complaint about a rule as its user spelled it. Unknown values pass; null counts as unset. */
export function checkRule(inputs: LooseInputs): Failure[] {
  const failures: Failure[] = [];
  for (const name of Object.keys(inputs)) {
    if (!Object.hasOwn(table, name)) failures.push({ property: name, reason: unknownProperty(name) });
  }
  for (const row of properties) {
    const value = inputs[row.name];
    if (value === UNKNOWN) continue;
    if (isUnset(value)) {
      if (row.required)
        failures.push({ property: row.name, reason: `is missing; accepted: ${row.accepts}.` });
      continue;
    }
    const read = row.read(value);
    if ('reason' in read) failures.push({ property: row.name, reason: read.reason });
  }
  const wrong = new Set(failures.map(({ property }) => property));
  return [...failures, ...checkTogether(inputs).filter(({ property }) => !wrong.has(property))];
}

/** What only several properties together show. Values that are wrong by themselves are passed over. */
function checkTogether(inputs: LooseInputs): Failure[] {
  const failures: Failure[] = [];
  const external = parsePorts(inputs.externalPort);
  const target = readTarget(inputs.internalAddress);
  const pinhole = 'value' in target && familyOf(target.value) === 6;
  if ('spans' in external && isKnown(inputs.internalPort)) {
    const internal = readInternalPorts(inputs.internalPort, external.spans);
    if ('reason' in internal) failures.push({ property: 'internalPort', reason: internal.reason });
    else if (
      pinhole &&
      pairPorts(external.spans, internal.value).some(({ from, target }) => from !== target)
    ) {
      failures.push({
        property: 'internalPort',
        reason: `${quote(inputs.internalPort)} differs from externalPort ${quote(inputs.externalPort)}, but a pinhole to an IPv6 host translates nothing; accepted: the same, or leave internalPort out.`,
      });
    }
  }
  const sources = isKnown(inputs.sources) ? readSources(inputs.sources) : null;
  if (sources && 'value' in sources && 'value' in target) {
    const reason = alienSource(sources.value, familyOf(target.value), printTarget(target.value));
    if (reason !== null) failures.push({ property: 'sources', reason });
  }
  const wan = isKnown(inputs.wan) ? readWan(inputs.wan) : null;
  if (wan && 'value' in wan && 'value' in target) {
    const family = wanFamily(wan.value);
    if (family !== null && (pinhole || family === 6)) {
      const why = pinhole
        ? 'the public address of a pinhole is its internalAddress; accepted: the name of an interface, or leave wan out'
        : `connections to an IPv6 address cannot go to ${quote(printTarget(target.value))}, which is IPv4; accepted: an IPv4 address or the name of an interface`;
      failures.push({ property: 'wan', reason: `${quote(inputs.wan)} is an address, and ${why}.` });
    }
  }
  return failures;
}

function unknownProperty(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z]/g, '');
  const alias = properties.find(({ aliases }) => aliases.some((word) => word.toLowerCase() === plain));
  const meant =
    alias?.name ??
    nearest(
      name,
      properties.map((row) => row.name),
    );
  const hint = meant ? ` Did you mean "${meant}"?` : '';
  return `${quote(name)} is not a property of a rule; accepted: ${properties.map((row) => row.name).join(', ')}.${hint}`;
}
