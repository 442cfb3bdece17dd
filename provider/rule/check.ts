import { isKnown, isUnset } from './known';
import { nearest } from './nearest';
import { type PropertyName, properties, table } from './properties';
import { quote } from './quote';
import type { Read } from './read';
import { type Failure, type LooseInputs, UNKNOWN } from './rule';
import { alienSource } from './sources';
import { pairPorts, readInternalPorts } from './spans';
import { familyOf, printTarget } from './target';
import { wanFamily } from './wan';

export { checkCapabilities, MAX_ENTRIES } from './check-capabilities';
export { checkNetwork } from './check-network';

/** What the properties of a rule say, as the table reads them; one that is unset, unknown or wrong is absent. */
export type Values = {
  readonly [P in PropertyName]?: Extract<ReturnType<(typeof table)[P]['read']>, { value: unknown }>['value'];
};

/** Every complaint about a rule as its user spelled it. Unknown values pass; null counts as unset. */
export function checkRule(inputs: LooseInputs): Failure[] {
  return readRule(inputs).failures;
}

/** The same, and what was read on the way. */
export function readRule(inputs: LooseInputs): { readonly failures: Failure[]; readonly values: Values } {
  const failures: Failure[] = [];
  const values: { [P in PropertyName]?: unknown } = {};
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
    const read: Read<unknown> = row.read(value);
    if ('reason' in read) failures.push({ property: row.name, reason: read.reason });
    else values[row.name] = read.value;
  }
  const wrong = new Set(failures.map(({ property }) => property));
  const together = checkTogether(inputs, values as Values).filter(({ property }) => !wrong.has(property));
  return { failures: [...failures, ...together], values: values as Values };
}

/** What only several properties together show. Values that are wrong by themselves are passed over. */
function checkTogether(inputs: LooseInputs, values: Values): Failure[] {
  const failures: Failure[] = [];
  const { externalPort: external, internalAddress: target, sources, wan } = values;
  const pinhole = target !== undefined && familyOf(target) === 6;
  if (external && isKnown(inputs.internalPort)) {
    const internal = readInternalPorts(inputs.internalPort, external);
    if ('reason' in internal) failures.push({ property: 'internalPort', reason: internal.reason });
    else if (pinhole && pairPorts(external, internal.value).some(({ from, target }) => from !== target)) {
      failures.push({
        property: 'internalPort',
        reason: `${quote(inputs.internalPort)} differs from externalPort ${quote(inputs.externalPort)}, but a pinhole to an IPv6 host translates nothing; accepted: the same, or leave internalPort out.`,
      });
    }
  }
  if (sources && target) {
    const reason = alienSource(sources, familyOf(target), printTarget(target));
    if (reason !== null) failures.push({ property: 'sources', reason });
  }
  if (wan && target) {
    const family = wanFamily(wan);
    if (family !== null && (pinhole || family === 6)) {
      const why = pinhole
        ? 'the public address of a pinhole is its internalAddress; accepted: the name of an interface, or leave wan out'
        : `connections to an IPv6 address cannot go to ${quote(printTarget(target))}, which is IPv4; accepted: an IPv4 address or the name of an interface`;
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
