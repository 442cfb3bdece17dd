import type { KernelEntry } from '../../../agent/kernel/kernel';
import { makeTag } from '../../../provider/rule/identity';
import { normalise } from '../../../provider/rule/normalise';
import type { RuleInputs } from '../../../provider/rule/rule';

/** An entry for a rule of this name. */
export function entry(
  name: string,
  inputs: Partial<RuleInputs> & Pick<RuleInputs, 'externalPort'>,
): KernelEntry {
  const { forward } = normalise({ name, internalAddress: '192.168.50.10', ...inputs });
  return { tag: makeTag(`lab/test/${name}`, forward, 0), forward: { ...forward, description: '' } };
}
