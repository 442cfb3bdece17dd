import type { Family } from './address';
import type { Defaults } from './defaults';
import { infer } from './infer-family';
import { LeftOut } from './left-out';
import { helper, type NetworkMatch, network } from './match-meanings';
import {
  device,
  family,
  flag,
  identifier,
  type Limit,
  limit,
  type Policy,
  policy,
  text,
  whole,
} from './meanings';
import { many, one, readOptions, unsupported } from './options';
import type { Source } from './source';
import type { Network } from './state';
import { familyOf, type Networks, type Subnet } from './subnet';
import { type ZoneMatch, zoneMatches } from './zone-matches';

export interface Zone {
  readonly name: string;
  readonly family: 0 | Family | undefined;
  readonly input: Policy;
  readonly output: Policy;
  readonly forward: Policy;
  readonly masq: boolean;
  readonly masq6: boolean;
  readonly masqAllowInvalid: boolean;
  readonly masqFrom: readonly Subnet[];
  readonly masqTo: readonly Subnet[];
  readonly mtuFix: boolean;
  readonly counter: boolean;
  /** Bit 1: log what is refused. */
  readonly log: number;
  readonly logLimit: Limit | undefined;
  readonly matches: readonly ZoneMatch[];
  /** The addresses of its networks. */
  readonly subnets: readonly Subnet[];
  /** Which chains `…_from_<zone>` and `…_to_<zone>` somebody jumps to, and which kinds of NAT it has. */
  readonly verdictsFrom: Set<Policy>;
  readonly verdictsTo: Set<Policy>;
  readonly nat: Set<'dnat' | 'snat'>;
}

export interface ZoneContext {
  readonly networks: ReadonlyMap<string, Network>;
  readonly subnets: Networks;
  readonly defaults: Defaults;
  readonly warn: (words: string) => void;
}

/** A section `zone`. */
export function readZone(source: Source, context: ZoneContext): Zone {
  const { defaults, warn } = context;
  const found = readOptions(source, options(defaults, context.subnets), warn);
  if (!found.enabled) throw new LeftOut('is disabled, ignoring section');
  const subnets = laidOut(found.subnet);
  const only = infer(found.family, [[familyOf(subnets), 'subnet list']]);
  if (typeof only === 'string') throw new LeftOut(`${only}, skipping`);
  const joined = [...context.networks].filter(([, { zone }]) => zone === found.name);
  const networks = [
    ...(found.network ?? []),
    ...joined.map(([name]) => ({ negated: false, device: name })),
  ].flatMap(({ device: name, negated }) => {
    const known = context.networks.get(name);
    return known ? [{ ...known, negated }] : [];
  });
  const devices = [
    ...networks.flatMap(({ device: name, negated }) => (name === null ? [] : [{ device: name, negated }])),
    ...(found.device ?? []),
  ];
  return {
    name: found.name ?? '',
    family: only,
    input: found.input ?? 'drop',
    output: found.output ?? 'drop',
    forward: found.forward ?? 'drop',
    masq: found.masq ?? false,
    masq6: found.masq6 ?? false,
    masqAllowInvalid: found.masq_allow_invalid ?? false,
    masqFrom: laidOut(found.masq_src),
    masqTo: laidOut(found.masq_dest),
    mtuFix: found.mtu_fix ?? false,
    counter: found.counter ?? true,
    log: found.log ?? 0,
    logLimit: found.log_limit,
    matches: zoneMatches(devices, subnets, only),
    subnets: [...networks.flatMap((known) => known.subnets), ...subnets],
    verdictsFrom: new Set([found.input ?? 'drop']),
    verdictsTo: new Set([found.output ?? 'drop', found.forward ?? 'drop']),
    nat: new Set(found.masq || found.masq6 ? ['snat'] : []),
  };
}

const options = (defaults: Defaults, subnets: Networks) => ({
  enabled: one(flag, { fallback: '1' }),
  name: one(identifier, { required: true }),
  family: one(family),
  network: many(device),
  device: many(device),
  subnet: many(network(subnets)),
  input: one(policy, { fallback: defaults.input }),
  output: one(policy, { fallback: defaults.output }),
  forward: one(policy, { fallback: defaults.forward }),
  masq: one(flag),
  masq_allow_invalid: one(flag),
  masq_src: many(network(subnets)),
  masq_dest: many(network(subnets)),
  masq6: one(flag),
  extra: unsupported(text),
  extra_src: unsupported(text),
  extra_dest: unsupported(text),
  mtu_fix: one(flag),
  custom_chains: unsupported(flag),
  log: one(whole),
  log_limit: one(limit),
  auto_helper: one(flag, { fallback: '1' }),
  helper: many(helper),
  counter: one(flag, { fallback: '1' }),
});

const laidOut = (found: readonly NetworkMatch[] | undefined): readonly Subnet[] =>
  (found ?? []).flatMap(({ subnets }) => subnets);
