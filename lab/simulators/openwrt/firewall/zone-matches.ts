import type { Family } from './address';
import type { Device } from './meanings';
import { ofFamily, type Subnet } from './subnet';
import { groupSubnets, type SubnetGroup } from './subnet-groups';

/** One way by which packets belong to a zone. */
export interface ZoneMatch {
  readonly family: 0 | Family;
  readonly devices: readonly string[];
  readonly notDevices: readonly string[];
  readonly subnets: SubnetGroup | undefined;
}

/** The ways by which packets belong to a zone with these devices and subnets. */
export function zoneMatches(
  devices: readonly Device[],
  subnets: readonly Subnet[],
  only: 0 | Family | undefined,
): ZoneMatch[] {
  if (devices.length === 0 && subnets.length === 0) return [];
  const named = devices.map(asPattern);
  const notDevices = named.filter(({ negated }) => negated).map((one) => one.device);
  const positive = named.filter((one) => !one.negated && one.device !== '*').map((one) => one.device);
  const wild = positive.filter((name) => name.endsWith('*')).map((name) => [name]);
  const plain = positive.filter((name) => !name.endsWith('*'));
  const groups = [...wild, ...(plain.length > 0 || wild.length === 0 ? [plain] : [])];
  return groups.flatMap((group): ZoneMatch[] => {
    if (!only && subnets.length === 0) return [{ family: 0, devices: group, notDevices, subnets: undefined }];
    return ([4, 6] as const)
      .filter((each) => !only || only === each)
      .flatMap((each) =>
        groupSubnets(ofFamily(subnets, each)).map((within) => ({
          family: each,
          devices: group,
          notDevices,
          subnets: within,
        })),
      );
  });
}

/** A name that ends in `+` means all that begin so, which nft writes with a `*`. Not any at all is one that cannot be. */
function asPattern({ device: name, negated }: Device): Device {
  if (negated && name === '+') return { device: '/never/', negated: false };
  return { device: name.replace(/\+$/, '*'), negated };
}
