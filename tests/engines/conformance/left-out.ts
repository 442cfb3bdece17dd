import { checkCapabilities } from '../../../provider/rule/check-capabilities';
import { type Case, DOORS, type DoorName, type Group, type Need } from './case';
import { type Gateway, surroundingsOf } from './gateways';
import { inputsOf } from './rules';

/** Whether a door plays these cases on the gateway, as far as that can do them. */
export function playsHere(gateway: Gateway, door: DoorName, { together }: Group): boolean {
  return gateway.without[door] === undefined && (together || gateway.brief[door] === undefined);
}

/** Whether any does. */
export function comesHere(gateway: Gateway, group: Group): boolean {
  return (Object.keys(DOORS) as DoorName[]).some((door) => playsHere(gateway, door, group));
}

/** Why this gateway cannot be brought into the case, in words; null = it can. */
export function whyLeftOut(gateway: Gateway, { needs = [], steps }: Case): string | null {
  for (const need of needs) if (!has(gateway, need)) return WORDS[need] ?? `cannot honour ${need}`;
  const { capabilities } = gateway.harness;
  const surroundings = surroundingsOf(gateway);
  for (const { program = {} } of steps)
    for (const [address, declared] of Object.entries(program)) {
      const inputs = inputsOf(address, declared, surroundings);
      const [failure] = checkCapabilities({ ...inputs }, capabilities, gateway.name);
      if (failure) return failure.reason.replace(`Gateway "${gateway.name}" `, '');
    }
  return null;
}

const WORDS: { readonly [N in Need]?: string } = {
  IPv6: 'opens no pinholes to IPv6 hosts here',
  lans: 'does not tell which LANs it has',
  'changeable foreign': 'lets nobody change entries of other programs',
  'fixed foreign': 'lets us change entries of other programs',
  tamper: 'nobody can change its entries behind our back',
  hold: 'cannot be stopped in the middle of a change here',
  rollback: 'takes nothing back that nobody confirmed',
  'no rollback': 'takes back what nobody confirms',
};

function has({ harness, foreign, lans }: Gateway, need: Need): boolean {
  const { network, hooks, faults, trials, capabilities } = harness;
  switch (need) {
    case 'IPv6':
      return network.host6 !== null;
    case 'lans':
      return lans;
    case 'changeable foreign':
      return foreign === 'changeable';
    case 'fixed foreign':
      return foreign === 'fixed';
    case 'tamper':
      return hooks.has('tamper') && hooks.has('vanish');
    case 'hold':
      return faults.has('hold');
    case 'rollback':
      return trials;
    case 'no rollback':
      return !trials;
    case 'wan':
      return network.wan !== null && capabilities.properties.has('wan');
    default:
      return capabilities.properties.has(need);
  }
}
