import type { Family } from './address';
import type { Meaning } from './options';

/* What fw4 makes of the texts that many options share. */

export interface Negatable {
  readonly negated: boolean;
}

export const text: Meaning<string> = (value) => value;

export const flag: Meaning<boolean> = (value) => {
  if (['1', 'on', 'true', 'yes'].includes(value)) return true;
  return ['0', 'off', 'false', 'no'].includes(value) ? false : null;
};

/** 0 = either. Any text with a 4 in it is IPv4, and with a 6 IPv6. */
export const family: Meaning<0 | Family> = (value) => {
  if (['any', 'all', '*'].includes(value)) return 0;
  if (value === 'inet' || value.includes('4')) return 4;
  return value.includes('6') ? 6 : null;
};

/** A name of nft, for a zone or a set. */
export const identifier: Meaning<string> = (value) =>
  /^[a-zA-Z_.][a-zA-Z0-9/_.-]*$/.test(value) ? value : null;

export const whole: Meaning<number> = (value) => (Number.isNaN(Number(value)) ? null : Number(value));

/** The first choice that begins with the text, whatever its case: `acc` is `accept`. */
export const choice =
  <T extends string>(...choices: readonly T[]): Meaning<T> =>
  (value) =>
    choices.find((one) => one.toLowerCase().startsWith(value.toLowerCase())) ?? null;

export const policy = choice('accept', 'reject', 'drop');
export type Policy = 'accept' | 'reject' | 'drop';

/** A leading `!` taken off. Nothing behind it is nothing at all. */
export function negation(value: string): { readonly negated: boolean; readonly rest: string } | null {
  const rest = value.replace(/^[ \t]*!/, '').trim();
  return rest === '' ? null : { negated: /^[ \t]*!/.test(value), rest };
}

export interface Device extends Negatable {
  readonly device: string;
}

export const device: Meaning<Device> = (value) => {
  const read = negation(value);
  return read && { negated: read.negated, device: read.rest };
};

export interface Limit {
  readonly rate: number;
  readonly unit: string;
}

export const limit: Meaning<Limit> = (value) => {
  const [, rate, unit = 'second'] = /^([0-9]+)(?:\/([a-z]+))?$/.exec(negation(value)?.rest ?? '') ?? [];
  const known = choice('second', 'minute', 'hour', 'day')(unit);
  return rate !== undefined && known ? { rate: Number(rate), unit: known } : null;
};
