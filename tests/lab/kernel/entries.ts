import type { KernelEntry } from '../../../agent/kernel/kernel';
import { addresses } from '../../../lab/namespaces/network';
import { makeTag } from '../../../provider/rule/identity';
import { normalise } from '../../../provider/rule/normalise';
import type { RuleInputs } from '../../../provider/rule/rule';

/** An entry for a rule of this name, to the lab's server unless told otherwise. */
export function entry(
  name: string,
  inputs: Partial<RuleInputs> & Pick<RuleInputs, 'externalPort'>,
): KernelEntry {
  const { forward } = normalise({ name, internalAddress: addresses.server.lan, ...inputs });
  return { tag: makeTag(`lab/test/${name}`, forward, 0), forward: { ...forward, description: '' } };
}
