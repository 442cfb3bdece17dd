import { checkRule } from './check';
import { PortforwardError } from './error';
import { isUnknown } from './known';
import { mergeRanges, type PortRange } from './ports';
import { table } from './properties';
import { quote } from './quote';
import type { Read } from './read';
import type { Rule, RuleInputs } from './rule';
import { normaliseSources } from './sources';
import { pairPorts } from './spans';

/**
 * Checks a rule whose values are all known and returns its normal form: two rules that mean the same give deep-equal
 * forwards. Throws PortforwardError `invalid` that lists every failure.
 */
export function normalise(inputs: RuleInputs): Rule {
  const unknown = Object.entries(inputs).find(([, value]) => isUnknown(value));
  if (unknown) {
    throw new PortforwardError('internal', `${unknown[0]} of rule ${quote(inputs.name)} is not known yet.`);
  }
  const failures = checkRule({ ...inputs });
  const [first] = failures;
  if (first) {
    throw new PortforwardError(
      'invalid',
      `Rule ${quote(inputs.name)}: ${failures.map(({ property, reason }) => `${property}: ${reason}`).join(' ')}`,
      failures.length === 1 ? { property: first.property } : {},
    );
  }
  const external = known(table.externalPort.read(inputs.externalPort));
  const internal =
    inputs.internalPort == null ? external : known(table.internalPort.read(inputs.internalPort));
  const ports = pairPorts(external, internal);
  const protocol = known(table.protocol.read(inputs.protocol ?? table.protocol.default));
  return {
    name: inputs.name,
    forward: {
      enabled: inputs.enabled ?? table.enabled.default,
      traffic: (['tcp', 'udp'] as const)
        .filter((one) => protocol === one || protocol === 'tcp+udp')
        .map((one) => ({ protocol: one, ports })),
      wan: inputs.wan == null ? null : known(table.wan.read(inputs.wan)),
      target: known(table.internalAddress.read(inputs.internalAddress)),
      sources: inputs.sources == null ? null : normaliseSources(known(table.sources.read(inputs.sources))),
      hairpin: inputs.hairpin ?? null,
      log: inputs.log ?? table.log.default,
      description: inputs.description ?? table.description.default,
    },
    adopt: inputs.adopt ?? null,
    lease: inputs.lease ?? null,
    allowManagementPorts:
      inputs.allowManagementPorts == null
        ? []
        : numbers(mergeRanges(known(table.allowManagementPorts.read(inputs.allowManagementPorts)))),
  };
}

/** The value of a property that `checkRule` passed. */
function known<T>(read: Read<T>): T {
  if ('value' in read) return read.value;
  throw new PortforwardError('invalid', read.reason);
}

function numbers(ranges: readonly PortRange[]): number[] {
  return ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
}
