import type { RuleInputs } from '../../../provider/rule/rule';
import type { Declared, Surroundings } from './case';

/** The inputs of a declared rule, as a program writes them. */
export function inputsOf(address: string, declared: Declared, { hosts }: Surroundings): RuleInputs {
  const { after: _, late: __, externalPort = 1, ...inputs } = declared;
  return { name: address, externalPort, internalAddress: hosts[0], ...inputs };
}
