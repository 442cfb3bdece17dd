import type { UciPackage } from '../uci/package';
import { choice, flag, type Limit, limit, type Policy, policy, whole } from './meanings';
import { one, readOptions, unsupported } from './options';
import { sectionSource } from './source';

/** The section `defaults`: what happens to packets that no zone decides about. */
export interface Defaults {
  readonly input: Policy;
  readonly output: Policy;
  readonly forward: Policy;
  readonly dropInvalid: boolean;
  readonly synFlood: { readonly limit: Limit; readonly burst: number | undefined } | null;
}

const rejectCode = choice(
  'tcp-reset',
  'port-unreachable',
  'admin-prohibited',
  'host-unreachable',
  'no-route',
);

const OPTIONS = {
  input: one(policy, { fallback: 'drop' }),
  output: one(policy, { fallback: 'drop' }),
  forward: one(policy, { fallback: 'drop' }),
  drop_invalid: one(flag),
  tcp_reject_code: one(rejectCode, { fallback: 'tcp-reset' }),
  any_reject_code: one(rejectCode, { fallback: 'port-unreachable' }),
  syn_flood: one(flag),
  synflood_protect: one(flag),
  synflood_rate: one(limit, { fallback: '25/second' }),
  synflood_burst: one(whole, { fallback: '50' }),
  tcp_syncookies: one(flag, { fallback: '1' }),
  tcp_ecn: one(whole),
  tcp_window_scaling: one(flag, { fallback: '1' }),
  accept_redirects: one(flag),
  accept_source_route: one(flag),
  auto_helper: one(flag, { fallback: '1' }),
  custom_chains: unsupported(flag),
  disable_ipv6: unsupported(flag),
  flow_offloading: one(flag, { fallback: '0' }),
  flow_offloading_hw: one(flag, { fallback: '0' }),
  auto_includes: one(flag, { fallback: '1' }),
};

/** The first section counts. */
export function readDefaults(uci: UciPackage, warn: (words: string) => void): Defaults {
  const [first, ...others] = uci.sections.filter(({ type }) => type === 'defaults');
  const found = first && readOptions(sectionSource(uci, first), OPTIONS, warn);
  for (const other of others) {
    warn(`${sectionSource(uci, other).label} : ignoring duplicate defaults section`);
  }
  const rate = found?.synflood_rate;
  const protect = found?.synflood_protect ?? found?.syn_flood ?? false;
  return {
    input: found?.input ?? 'drop',
    output: found?.output ?? 'drop',
    forward: found?.forward ?? 'drop',
    dropInvalid: found?.drop_invalid ?? false,
    synFlood: protect && rate ? { limit: rate, burst: found?.synflood_burst } : null,
  };
}
