import { type Cidr, parseAddress, widenCidr } from '../../rule/address';
import type { PortRange } from '../../rule/ports';
import type { OptionValue } from './sections';

/*
 * How fw4 reads the values of options (/usr/share/ucode/fw4.uc in openwrt/firewall4: parse_bool, parse_list, parse_port,
 * parse_subnet, parse_enum). Nothing checks them when they are written, and fw4 skips a section that it cannot read.
 */

/** A list, or text with spaces between the words: both mean the same where fw4 takes several. */
export function words(value: OptionValue | undefined): readonly string[] {
  const parts = typeof value === 'string' ? [value] : (value ?? []);
  return parts.flatMap((part) => part.split(/[ \t]+/)).filter((word) => word !== '');
}

/** The text of an option that takes one value; null = unset, or a list, for which fw4 skips the section. */
export function one(value: OptionValue | undefined): string | null {
  return typeof value === 'string' ? value.trim() : null;
}

/** A switch; null = no value that fw4 knows. */
export function readSwitch(value: OptionValue | undefined): boolean | null {
  if (typeof value !== 'string') return null;
  if (['1', 'on', 'true', 'yes'].includes(value)) return true;
  return ['0', 'off', 'false', 'no'].includes(value) ? false : null;
}

export function isOn(value: OptionValue | undefined, otherwise: boolean): boolean {
  return value === undefined ? otherwise : (readSwitch(value) ?? otherwise);
}

/** `80`, `8000-8010` or `8000:8010`; null for anything else, a negation too. */
export function readPortRange(text: string): PortRange | null {
  const match = /^([0-9]{1,5})(?:[-:]([0-9]{1,5}))?$/.exec(text.trim());
  if (!match) return null;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  // Port 0 is no port that a forward could take; fw4 would accept it.
  return from >= 1 && from <= to && to <= 65535 ? { from, to } : null;
}

/** An address or a network, with a prefix or an IPv4 mask; null for a range, a name, a negation, a mask with holes. */
export function readNetwork(text: string): Cidr | null {
  const [host = '', mask, ...rest] = text.trim().split('/');
  if (rest.length > 0) return null;
  const dotted = mask === undefined ? null : parseAddress(mask);
  if (dotted?.family !== 4) return widenCidr(text.trim())?.cidr ?? null;
  const bits = dotted.value.toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? (widenCidr(`${host}/${bits.replace(/0/g, '').length}`)?.cidr ?? null) : null;
}

/** The same where it is one address. */
export function readHost(text: string): Cidr | null {
  const cidr = readNetwork(text);
  return cidr && cidr.first === cidr.last ? cidr : null;
}

/** fw4 takes any beginning of a word for the word: `acc` is `accept`. */
export function readTarget(value: OptionValue | undefined, otherwise: string): string | null {
  const text = value === undefined ? otherwise : one(value)?.toLowerCase();
  if (text === undefined) return null;
  return TARGETS.find((target) => target.startsWith(text)) ?? null;
}

const TARGETS = [
  'accept',
  'reject',
  'drop',
  'notrack',
  'helper',
  'mark',
  'dscp',
  'dnat',
  'snat',
  'masquerade',
];

/** 0 = both; null = no value that fw4 knows. */
export function readFamily(value: OptionValue | undefined): 0 | 4 | 6 | null {
  const text = one(value);
  if (text === null) return null;
  if (['any', 'all', '*'].includes(text)) return 0;
  if (text === 'inet' || text.includes('4')) return 4;
  return text.includes('6') ? 6 : null;
}
