import type { SimulatedInterface } from '../network/interfaces';
import type { ServiceRule, Services } from './compile';
import { type Source, serviceSource } from './source';

/** The rules that interfaces and services bring along, of one type. fw4 names them after where they come from. */
export function serviceRules(
  interfaces: readonly SimulatedInterface[],
  services: Services,
): (type: string) => Source[] {
  const all = [
    ...interfaces.flatMap(({ name, proto, device, firewall = [] }) =>
      named(
        firewall.map((rule) => ({ device, ...rule })),
        `${name}[${proto}]`,
      ),
    ),
    ...Object.entries(services).flatMap(([service, rules]) => named(rules, service)),
  ];
  return (type) => all.filter((rule) => rule.type === type).map(({ source }) => source);
}

function named(rules: readonly ServiceRule[], origin: string): { type: string; source: Source }[] {
  return rules.map((rule, index) => {
    const type = String(rule.type ?? 'rule');
    return { type, source: serviceSource(type, rule, `ubus:${origin} ${type} ${index}`) };
  });
}
