import type { Forward } from '../../provider/rule/rule';

/*
 * Forwards as people write them into /etc/config/firewall, with an editor or LuCI. Written for the suite from OpenWrt's
 * documentation (openwrt.org, "Port forwarding"), and not taken from our client.
 */

type Values = Record<string, string>;

/** The options of a `redirect`; empty text takes one away. */
export function redirectValues(forward: Partial<Forward>): Values {
  const { enabled, traffic, wan, target, sources, hairpin, log, description } = forward;
  const span = traffic?.[0]?.ports[0];
  const range = (from: number, to: number): string => (from === to ? `${from}` : `${from}-${to}`);
  const values: Values = {};
  if (enabled !== undefined) values.enabled = enabled ? '' : '0';
  if (traffic) values.proto = traffic.map(({ protocol }) => protocol).join(' ');
  if (span) {
    values.src_dport = range(span.from, span.to);
    values.dest_port = range(span.target, span.target + span.to - span.from);
  }
  if (wan !== undefined) values.src_dip = wan === null ? '' : wan;
  if (target?.kind === 'host') values.dest_ip = target.address;
  if (sources !== undefined) values.src_ip = sources?.join(' ') ?? '';
  if (hairpin === true || hairpin === false) values.reflection = hairpin ? '1' : '0';
  if (log !== undefined) values.log = log ? '1' : '';
  if (description !== undefined) values.pf_description = description;
  return values;
}

/** A whole section; nothing of it is empty. */
export function redirectSection(forward: Forward, name: string): Values {
  const values = { name, target: 'DNAT', src: 'wan', dest: 'lan', ...redirectValues(forward) };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
