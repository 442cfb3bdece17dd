import { readRule, type Values } from './check';
import { PortforwardError } from './error';
import { isUnknown } from './known';
import { mergeRanges, type PortRange } from './ports';
import { table } from './properties';
import { quote } from './quote';
import type { LooseInputs, Rule, RuleInputs } from './rule';
import { normaliseSources } from './sources';
import { pairPorts } from './spans';

/**
 * Checks a rule whose values are all known and returns its normal form: two rules that mean the same give deep-equal
 * forwards. Throws PortforwardError `invalid` that lists every failure.
 */
export function normalise(inputs: RuleInputs): Rule {
  const loose = inputs as RuleInputs & LooseInputs;
  const unknown = Object.keys(loose).find((name) => isUnknown(loose[name]));
  if (unknown !== undefined) {
    throw new PortforwardError('internal', `${unknown} of rule ${quote(inputs.name)} is not known yet.`);
  }
  const { failures, values } = readRule(loose);
  const [first] = failures;
  if (first) {
    throw new PortforwardError(
      'invalid',
      `Rule ${quote(inputs.name)}: ${failures.map(({ property, reason }) => `${property}: ${reason}`).join(' ')}`,
      failures.length === 1 ? { property: first.property } : {},
    );
  }
  // Required ones are there, else they would be among the failures.
  const { externalPort, internalAddress } = values as Required<Values>;
  const protocol = values.protocol ?? table.protocol.default;
  const ports = pairPorts(externalPort, values.internalPort ?? externalPort);
  return {
    name: inputs.name,
    forward: {
      enabled: values.enabled ?? table.enabled.default,
      traffic: (['tcp', 'udp'] as const)
        .filter((one) => protocol === one || protocol === 'tcp+udp')
        .map((one) => ({ protocol: one, ports })),
      wan: values.wan ?? null,
      target: internalAddress,
      sources: values.sources ? normaliseSources(values.sources) : null,
      hairpin: values.hairpin ?? null,
      log: values.log ?? table.log.default,
      description: values.description ?? table.description.default,
    },
    adopt: values.adopt ?? null,
    lease: values.lease ?? null,
    allowManagementPorts: numbers(mergeRanges(values.allowManagementPorts ?? [])),
  };
}

function numbers(ranges: readonly PortRange[]): number[] {
  return ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
}
