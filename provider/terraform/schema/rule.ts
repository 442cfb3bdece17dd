import { properties } from '../../rule/properties';
import { type Attribute, makeBlock } from './block';
import { inputAttribute } from './property-attribute';

/** What the provider says of a rule beside its properties. */
const computed: readonly Attribute[] = [
  { name: 'id', description: "`<owner>/<name>`: the rule's id, by which it can be imported." },
  { name: 'owner', description: "Whose rule it is: the provider's `owner`." },
  { name: 'gateway_name', description: "The provider's `name` for the gateway that the rule is on." },
  { name: 'endpoint', description: 'Where that gateway is.' },
  {
    name: 'device',
    description: 'The identity that the gateway tells, such as a serial number; null where it tells none.',
  },
].map((attribute) => ({ ...attribute, type: 'string', set: 'computed' }));

/**
 * The resource `portforward_rule`. What the gateway keeps of it (entries, handles, leases) is no attribute: it changes
 * behind the engine's back, and every such change would be shown as drift. It lives in the private state.
 */
export const ruleBlock = makeBlock(
  'A port forward: which connections from outside go where. What someone changes on the gateway is shown attribute by attribute in the next plan, and conflicts with other rules are found there too, before anything is changed.',
  [...properties.map(inputAttribute), ...computed],
);
