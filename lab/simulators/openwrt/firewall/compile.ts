import type { NftChain } from '../kernel/nft-rule';
import type { SimulatedInterface } from '../network/interfaces';
import type { UciPackage } from '../uci/package';
import { filterBase, natBase } from './base-chains';
import { readDefaults } from './defaults';
import { byChain } from './entry';
import { readForwarding } from './forwarding';
import { readIpSet } from './ip-set-section';
import { LeftOut } from './left-out';
import { readRedirect } from './redirect';
import { redirectOptions } from './redirect-options';
import { readRule } from './rule';
import { ruleOptions } from './rule-options';
import { serviceRules } from './services';
import { type Source, sectionSource } from './source';
import { type FirewallState, networksOf } from './state';
import { readZone } from './zone';
import { filterChains, natChains } from './zone-chains';

/** A rule of a service, such as a UPnP daemon's, as ubus tells it: options of fw4, and its `type`. */
export type ServiceRule = Readonly<Record<string, unknown>>;
export type Services = Readonly<Record<string, readonly ServiceRule[]>>;

export interface Compiled {
  readonly chains: readonly NftChain[];
  /** What fw4 says while it reads: what it left out, and why. */
  readonly warnings: readonly string[];
}

/** What fw4 makes of /etc/config/firewall. A section that it does not like is left out; the others are loaded. */
export function compile(
  uci: UciPackage,
  interfaces: readonly SimulatedInterface[],
  services: Services,
): Compiled {
  const warnings: string[] = [];
  const warn = (words: string): void => void warnings.push(`[!] ${words}`);
  const of = (type: string): Source[] =>
    uci.sections.filter((section) => section.type === type).map((section) => sectionSource(uci, section));
  /** What is left out is left out with a warning, and the next one is looked at. */
  const each = <T>(sources: readonly Source[], read: (source: Source) => T): T[] =>
    sources.flatMap((source) => {
      try {
        return [read(source)];
      } catch (error) {
        if (!(error instanceof LeftOut)) throw error;
        warn(`${source.label} ${error.message}`);
        return [];
      }
    });
  const told = serviceRules(interfaces, services);
  const networks = networksOf(interfaces);
  const subnets = new Map([...networks].map(([name, network]) => [name, network.subnets]));
  const defaults = readDefaults(uci, warn);
  const sets = new Map(each(of('ipset'), (source) => readIpSet(source, warn)).map((set) => [set.name, set]));
  const zones = each(of('zone'), (source) => readZone(source, { networks, subnets, defaults, warn }));
  const state: FirewallState = { networks, subnets, defaults, zones, sets, entries: [], warn };
  // Services come before what a person has configured.
  const [ofRules, ofRedirects] = [ruleOptions(state), redirectOptions(state)];
  each([...told('rule'), ...of('rule')], (source) => readRule(source, ofRules, state));
  each(of('forwarding'), (source) => readForwarding(source, state));
  each([...told('redirect'), ...of('redirect')], (source) => readRedirect(source, ofRedirects, state));
  const rules = byChain(state.entries);
  const chains = [
    ...filterBase(zones, rules, defaults),
    ...zones.flatMap((zone) => filterChains(zone, rules, defaults)),
    ...natBase(zones),
    ...zones.flatMap((zone) => natChains(zone, rules)),
  ];
  return { chains, warnings };
}
