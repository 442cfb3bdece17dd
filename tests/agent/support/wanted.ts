import type { WantedEntry } from '../../../provider/backends/backend';
import { makeTag, ruleId } from '../../../provider/rule/identity';
import { normalise } from '../../../provider/rule/normalise';
import type { RuleInputs } from '../../../provider/rule/rule';

/** An entry wanted of an agent, as the session would ask for it. */
export function wanted(inputs: Partial<RuleInputs> & { readonly name: string }, part = 0): WantedEntry {
  const id = ruleId('lab/dev', inputs.name);
  const { forward } = normalise({ externalPort: 443, internalAddress: '192.168.50.10', ...inputs });
  return { tag: makeTag(id, forward, part), id, forward, lease: null };
}
