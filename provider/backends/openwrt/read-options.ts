import { fewestCidrs, printCidr } from '../../rule/address';
import type { PortRange } from '../../rule/ports';
import type { Protocol } from '../../rule/rule';
import { normaliseSources } from '../../rule/sources';
import { one, readNetwork, readPortRange, readSwitch, words } from './fw4-values';
import type { Options, OptionValue } from './sections';

/** Every port there is. */
export const ALL_PORTS: PortRange = { from: 1, to: 65535 };

/** Collects what a section says that no rule of ours can say. */
export class Restrictions {
  readonly list: string[] = [];

  add(option: string, value: OptionValue | undefined): void {
    const text = value === undefined ? 'unset' : words(value).join(' ') || String(value);
    this.list.push(`${option} '${text.slice(0, 60)}'`);
  }

  /** Options that are none of `known` restrict in a way that we do not understand. */
  addUnknown(options: Options, known: ReadonlySet<string>): void {
    for (const [option, value] of Object.entries(options)) if (!known.has(option)) this.add(option, value);
  }
}

/** Whether the section is on; a value that fw4 does not know makes it skip the section. */
export function readEnabled({ enabled }: Options, limits: Restrictions): boolean {
  const on = enabled === undefined ? true : readSwitch(enabled);
  if (on === null) limits.add('enabled', enabled);
  return on ?? true;
}

/** `log '1'`, or a text of one's own as the prefix. */
export function readLog({ log }: Options): boolean {
  return log !== undefined && readSwitch(log) !== false;
}

/** Kept in an option of our own, of which fw4 only says in its log that it does not know it. */
export function readDescription({ pf_description: text }: Options): string {
  return typeof text === 'string' ? text : (text ?? []).join(' ');
}

/** The protocols of ours among those of the section; `every` = it takes all there are, and no ports. */
export function readProtocols(
  { proto }: Options,
  limits: Restrictions,
): { readonly protocols: readonly Protocol[]; readonly every: boolean } {
  const named = words(proto ?? 'tcpudp').map((word) => word.toLowerCase());
  const has = (...names: string[]): boolean => named.some((name) => names.includes(name));
  const every = has('all', 'any', '*');
  const protocols: Protocol[] = [];
  if (every || has('tcp', '6', 'tcpudp')) protocols.push('tcp');
  if (every || has('udp', '17', 'tcpudp')) protocols.push('udp');
  const known = ['tcp', '6', 'udp', '17', 'tcpudp'];
  if (named.some((name) => !known.includes(name))) limits.add('proto', proto);
  return { protocols, every };
}

/** Ports; `single` = fw4 takes no list here. Unset = all of them. */
export function readPorts(
  option: string,
  value: OptionValue | undefined,
  limits: Restrictions,
  single: boolean,
): readonly PortRange[] {
  if (value === undefined) return [ALL_PORTS];
  const texts = single ? [one(value) ?? ''] : words(value);
  const ranges = texts.map(readPortRange);
  if (ranges.length > 0 && ranges.every((range) => range !== null)) return ranges;
  limits.add(option, value);
  return [ALL_PORTS];
}

/** Who may connect; null = everyone. */
export function readSources(
  value: OptionValue | undefined,
  limits: Restrictions,
  { single, family }: { readonly single: boolean; readonly family: 4 | 6 },
): readonly string[] | null {
  if (value === undefined) return null;
  const texts = single ? [one(value) ?? ''] : words(value);
  const networks = texts.map(readNetwork);
  if (networks.length > 0 && networks.every((network) => network?.family === family))
    return normaliseSources(fewestCidrs(networks.flatMap((network) => network ?? [])).map(printCidr));
  limits.add('src_ip', value);
  return null;
}
