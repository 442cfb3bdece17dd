import { type Address, parseAddress, printCidr } from '../../provider/rule/address';

/** The fewest CIDRs that are exactly the addresses `first` to `last`; null where these are no such range. */
export function rangeToCidrs(first: unknown, last: unknown): string[] | null {
  const [from, to] = [parseAddress(first), parseAddress(last)];
  if (!from || !to || from.family !== to.family || from.value > to.value) return null;
  const bits = from.family === 4 ? 32 : 128;
  const cidrs: string[] = [];
  let at = from.value;
  while (at <= to.value) {
    let free = 0;
    while (free < bits) {
      const size = 1n << BigInt(free + 1);
      if (at % size !== 0n || at + size - 1n > to.value) break;
      free++;
    }
    const size = 1n << BigInt(free);
    cidrs.push(printCidr({ family: from.family, prefix: bits - free, first: at, last: at + size - 1n }));
    at += size;
  }
  return cidrs;
}

/** Whether an address lies in `first` to `last`; null where these are no such range. */
export function rangeContains(first: unknown, last: unknown, address: Address): boolean | null {
  const [from, to] = [parseAddress(first), parseAddress(last)];
  if (!from || !to || from.family !== to.family) return null;
  return from.family === address.family && from.value <= address.value && address.value <= to.value;
}
