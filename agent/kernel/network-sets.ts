import { canonical, concat, type Json } from './expression';
import type { LiveTable } from './live-table';
import { SETS, wanSet } from './names';
import { type Network, wanAddresses4 } from './network';

/** Our sets say of the network what is so. */
export function holds(live: LiveTable, network: Network, named: ReadonlySet<string>): boolean {
  const same = (set: string, wanted: readonly Json[]) => {
    const found = live.sets.get(set);
    return found !== undefined && [...found].sort().join() === wanted.map(canonical).sort().join();
  };
  return (
    same(
      SETS.wanInterfaces,
      network.wans.map(({ name }) => name),
    ) &&
    same(SETS.wanAddresses, wanAddresses4(network)) &&
    same(
      SETS.hairpinPairs,
      network.lanInterfaces.map((name) => concat(name, name)),
    ) &&
    [...named].every((name) => same(wanSet(name), wanAddresses4(network, name)))
  );
}

export function sameNetwork(a: Network, b: Network): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
