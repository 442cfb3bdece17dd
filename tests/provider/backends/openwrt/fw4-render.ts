import type { Section } from '../../../../provider/backends/openwrt/sections';
import { zoneSections } from './support';

/*
 * The text that firewall4 hands to nft for sections as we write them, by its templates redirect.uc, rule.uc and ruleset.uc
 * (openwrt/firewall4): here only so that a real nft can load it and print it back.
 */

const text = (value: unknown): string => (Array.isArray(value) ? value.join(' ') : String(value ?? ''));

/** The rules of one section, with their chain. */
export function renderSection({ type, options }: Section): readonly { chain: string; rule: string }[] {
  const {
    src,
    dest,
    proto = 'tcp udp',
    src_ip,
    src_dip,
    src_dport,
    dest_ip,
    dest_port,
    log,
    enabled,
  } = options;
  if (enabled === '0') return [];
  const name = text(options.name);
  const logged = log === undefined || log === '0' ? '' : `log prefix "${name}: " `;
  const redirect = type === 'redirect';
  const six = text(dest_ip).includes(':');
  return text(proto)
    .split(' ')
    .map((protocol) => {
      const at = redirect ? src_dip : dest_ip;
      const family = src_ip === undefined && at === undefined ? 'meta nfproto ipv4 ' : '';
      const address = six ? 'ip6' : 'ip';
      const match = [
        src_ip === undefined ? '' : `${address} saddr ${text(src_ip)} `,
        at === undefined ? '' : `${address} daddr ${text(at)} `,
        `${protocol} dport ${text(redirect ? src_dport : dest_port)} `,
      ].join('');
      const inside = text(dest_port ?? src_dport);
      const verdict = !redirect
        ? dest === undefined || dest === '*'
          ? 'accept'
          : `jump accept_to_${text(dest)}`
        : dest_ip === undefined
          ? `redirect to ${inside}`
          : `dnat ${text(dest_ip)}:${inside}`;
      const chain = redirect
        ? `dstnat_${text(src)}`
        : `${dest === undefined ? 'input' : 'forward'}_${text(src)}`;
      return { chain, rule: `${family}${match}counter ${logged}${verdict} comment "!fw4: ${name}"` };
    });
}

/** A whole table for these sections, with what fw4 puts around them. */
export function renderTable(sections: readonly Section[]): string {
  const rules = [...zoneSections, ...sections].flatMap((section) =>
    section.type === 'zone' ? [] : renderSection(section),
  );
  const of = (chain: string): string =>
    rules
      .filter((one) => one.chain === chain)
      .map(({ rule }) => `    ${rule}\n`)
      .join('');
  const chain = (name: string, body: string): string => `  chain ${name} {\n${body}  }\n`;
  return [
    'table inet fw4\nflush table inet fw4\ntable inet fw4 {\n',
    chain(
      'accept_to_lan',
      '    oifname "br-lan" counter accept comment "!fw4: accept lan IPv4/IPv6 traffic"\n',
    ),
    chain(
      'input_wan',
      `${of('input_wan')}    ct status dnat accept comment "!fw4: Accept port redirections"\n`,
    ),
    chain(
      'forward_wan',
      `${of('forward_wan')}    ct status dnat accept comment "!fw4: Accept port forwards"\n`,
    ),
    chain('dstnat_wan', `    type nat hook prerouting priority dstnat; policy accept;\n${of('dstnat_wan')}`),
    '}\n',
  ].join('');
}
