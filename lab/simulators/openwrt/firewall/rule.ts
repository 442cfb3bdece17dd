import type { Family } from './address';
import { hasPorts } from './dnat-entries';
import type { Entry } from './entry';
import type { IcmpType, TypeAndCode } from './icmp';
import { infer } from './infer-family';
import { findSet, setFamily, spellSet } from './ip-set';
import { LeftOut } from './left-out';
import type { Protocol } from './match-meanings';
import { readOptions } from './options';
import type { Rule, ruleOptions } from './rule-options';
import { logPrefix } from './shared-options';
import type { Source } from './source';
import type { FirewallState } from './state';
import { familyOf, ofFamily, type Subnet } from './subnet';
import { groupSubnets, type SubnetGroup } from './subnet-groups';

/** Targets that neither let packets in nor keep them out live in chains of their own, which are not here. */
const ELSEWHERE = ['notrack', 'helper', 'mark', 'dscp'];

/** A section `rule`: traffic that comes in (`input_<zone>`), passes (`forward_<zone>`) or goes out. */
export function readRule(
  source: Source,
  options: ReturnType<typeof ruleOptions>,
  state: FirewallState,
): void {
  const warn = (words: string): void => state.warn(`${source.label} ${words}`);
  const found = readOptions(source, options, state.warn);
  if (!found.enabled) throw new LeftOut('is disabled, ignoring section');
  if (found.device?.device === '*') throw new LeftOut("must not specify '*' as device");
  if (found.target && ELSEWHERE.includes(found.target)) return;
  const ipSet = findSet(state, found.ipset);
  const name = found.name ?? source.fallbackName ?? '';
  const rule: Rule = { ...found, name, logAs: logPrefix(found.log, name), ipSet };
  for (const each of found.proto ?? []) addProtocol(rule, each, state, warn);
}

function addProtocol(rule: Rule, each: Protocol, state: FirewallState, warn: (words: string) => void): void {
  const [from, to] = [laidOut(rule.src_ip), laidOut(rule.dest_ip)];
  const agreed = infer(each.name === 'ipv6-icmp' ? 6 : rule.family, [
    [setFamily(rule.ipSet), 'set match'],
    [familyOf(from), 'source IP'],
    [familyOf(to), 'destination IP'],
    [rule.src?.zone?.family, 'source zone'],
    [rule.dest?.zone?.family, 'destination zone'],
  ]);
  if (typeof agreed === 'string') {
    warn(`${agreed}, skipping`);
    return;
  }
  const icmp = { 4: icmpOf(rule, each, 'v4'), 6: icmpOf(rule, each, 'v6') };
  const specific = (version: Family): boolean =>
    ofFamily(from, version).length + ofFamily(to, version).length + icmp[version].length > 0 ||
    rule.dscp !== undefined;
  const only = agreed ?? (specific(4) === specific(6) ? 0 : specific(4) ? 4 : 6);
  if (only === 0 && !specific(4) && !specific(6)) {
    state.entries.push(ruleEntry(rule, each, 0, undefined, undefined, undefined));
    return;
  }
  for (const version of [4, 6] as const) {
    if (only !== 0 && only !== version) continue;
    for (const source of groupSubnets(ofFamily(from, version))) {
      for (const destination of groupSubnets(ofFamily(to, version))) {
        for (const types of byCode(icmp[version])) {
          state.entries.push(ruleEntry(rule, each, version, source, destination, types));
        }
      }
    }
  }
}

const laidOut = (found: Rule['src_ip']): readonly Subnet[] => (found ?? []).flatMap(({ subnets }) => subnets);

function icmpOf(rule: Rule, each: Protocol, side: keyof IcmpType): readonly TypeAndCode[] {
  if (each.name !== 'icmp' && (each.name !== 'ipv6-icmp' || side === 'v4')) return [];
  return (rule.icmp_type ?? []).map((type) => type[side]).filter((type) => type !== null);
}

/** Types with a code are in a rule of their own; without any type there is one rule. */
function byCode(types: readonly TypeAndCode[]): (readonly TypeAndCode[] | undefined)[] {
  const some = [false, true]
    .map((coded) => types.filter(({ code }) => (code !== null) === coded))
    .filter((group) => group.length > 0);
  return some.length > 0 ? some : [undefined];
}

function ruleEntry(
  rule: Rule,
  each: Protocol,
  version: 0 | Family,
  from: SubnetGroup | undefined,
  to: SubnetGroup | undefined,
  icmp: readonly TypeAndCode[] | undefined,
): Entry {
  const [sourcePorts, portList] = hasPorts(each) ? [rule.src_port, rule.dest_port] : [undefined, undefined];
  const outgoing = rule.direction === 'out' || rule.direction === 'egress';
  const named = rule.device && [rule.device.device];
  const limiter = rule.src?.zone ?? rule.dest?.zone;
  return {
    chain: chainOf(rule),
    name: rule.name,
    matches: {
      family: version,
      protocol: each,
      from,
      to,
      sourcePorts,
      ports: portList,
      hasPorts: sourcePorts !== undefined || portList !== undefined,
      macs: rule.src_mac,
      icmp,
      iifnames: outgoing ? undefined : named,
      oifnames: outgoing ? named : undefined,
      conditions: rule,
      set: rule.ipSet && rule.ipset && spellSet(rule.ipSet, rule.ipset, each),
    },
    counter: rule.counter ?? false,
    log: rule.logAs,
    logLimit: rule.log_limit,
    zoneLimit: limiter?.logLimit && `${limiter.name}.log_limit`,
    action: actionOf(rule),
    loosePort: false,
  };
}

function chainOf({ src, dest }: Rule): string {
  if (src) return `${dest ? 'forward' : 'input'}${src.zone ? `_${src.zone.name}` : ''}`;
  return dest?.zone ? `output_${dest.zone.name}` : 'output';
}

/** Where it is about a zone that packets go to, the verdict is made in that zone's own chain. */
function actionOf({ src, dest, target: verdict }: Rule): string {
  if (verdict === undefined) return '';
  const policy = verdict === 'accept' || verdict === 'reject' || verdict === 'drop' ? verdict : null;
  if (policy && dest?.zone) {
    dest.zone.verdictsTo.add(policy);
    return `jump ${policy}_to_${dest.zone.name}`;
  }
  if (policy && policy !== 'accept' && src?.zone && src.zone.log > 0) {
    src.zone.verdictsFrom.add(policy);
    return `jump ${policy}_from_${src.zone.name}`;
  }
  return verdict === 'reject' ? 'jump handle_reject' : verdict;
}
