import { classify, parseAddress } from '../../rule/address';
import type { Problem } from '../backend';
import { ACL_PATH, UPNP_CHAIN } from './acl';
import type { Unread } from './chains';
import type { Zones } from './zones';

/** What is wrong with the router as a whole, as far as it is known after the login. */
export function problemsOf(zones: Zones, username: string): Problem[] {
  const problems: Problem[] = [];
  if (zones.wan.length === 0)
    problems.push({
      code: 'no-wan-zone',
      fatal: true,
      message: 'no firewall zone holds a default route, and none is called "wan".',
      hint: `Name the zones that face the internet as wanZones; it has ${zones.all.map(({ name }) => name).join(', ') || 'none'}.`,
    });
  if (username === 'root')
    problems.push({
      code: 'root-account',
      fatal: false,
      message: 'this program logs in as root, who may do everything.',
      hint: 'Make an account with the rights of the ACL file alone (docs/gateways/openwrt.md).',
    });
  const nat = zones.wan.find((zone) => isBehindNat(zone.addresses));
  if (nat)
    problems.push({
      code: 'nat-upstream',
      fatal: false,
      message: `its address on ${nat.name} (${nat.addresses.join(', ')}) is not public: another router in front translates.`,
      hint: 'Forward the ports there too, or ask the provider for a public address.',
    });
  return problems;
}

/** What of a chain that could not be read cannot be proved. */
export function unprovedProblem({ chain, why, line }: Unread): Problem {
  const what =
    chain === UPNP_CHAIN
      ? 'mappings of UPnP clients are not seen'
      : `it is not proved that the firewall loaded what is in chain ${chain}`;
  const reasons: Readonly<Record<Unread['why'], string>> = {
    'not granted': 'the account may not list it',
    'too long': 'it is longer than the 262 144 bytes that rpcd passes on',
    failed: 'listing it failed',
  };
  return {
    code: `not-proved-${chain}`,
    fatal: false,
    message: `${what}: ${reasons[why]}.`,
    hint:
      why === 'not granted'
        ? `Add to ${ACL_PATH} on the router: "${line}": ["exec"], then: /etc/init.d/rpcd restart.`
        : `See there: ${line}`,
  };
}

/** No IPv4 address of it is reached from the internet. None at all = the line is down. */
function isBehindNat(addresses: readonly string[]): boolean {
  const own = addresses.flatMap((text) => parseAddress(text) ?? []).filter(({ family }) => family === 4);
  return own.length > 0 && own.every((address) => ['private', 'shared'].includes(classify(address)));
}
