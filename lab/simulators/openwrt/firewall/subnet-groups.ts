import { hasHoles, type Subnet } from './subnet';

/** What one nft rule can match of addresses: some, but not others, and any number of masks with holes. */
export interface SubnetGroup {
  readonly within: readonly Subnet[];
  readonly outside: readonly Subnet[];
  readonly masked: readonly Subnet[];
}

/** One mask with holes fills a rule of its own, since nft has no sets of them. No addresses = one group for all. */
export function groupSubnets(subnets: readonly Subnet[]): readonly SubnetGroup[] {
  const outside = subnets.filter((subnet) => subnet.negated && !hasHoles(subnet));
  const maskedOut = subnets.filter((subnet) => subnet.negated && hasHoles(subnet));
  const within = subnets.filter((subnet) => !subnet.negated && !hasHoles(subnet));
  const alone = subnets.filter((subnet) => !subnet.negated && hasHoles(subnet));
  const groups = alone.map((subnet) => ({ within: [], outside, masked: [subnet, ...maskedOut] }));
  if (within.length === 0 && groups.length > 0) return groups;
  return [...groups, { within, outside, masked: maskedOut }];
}
