import { choice, type Negatable, negation } from './meanings';
import type { Meaning } from './options';

/* What fw4 makes of the texts that say when a rule holds, in the spelling that nft prints. */

export const date: Meaning<string> = (value) => {
  const parts = /^([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2})(?:T([0-9:]+))?)?)?$/.exec(value);
  if (!parts) return null;
  const [, year = '', month = '1', day = '1', clock = '0'] = parts;
  const hours = parseClock(clock);
  if (Number(year) < 1970 || Number(year) > 2038 || Number(month) > 12 || Number(day) > 31 || !hours)
    return null;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')} ${hours.join(':')}`;
};

/** Seconds are printed only where there are any. */
export const time: Meaning<string> = (value) => {
  const parts = parseClock(value);
  return parts && (parts[2] === '00' ? parts.slice(0, 2) : parts).join(':');
};

function parseClock(value: string): string[] | null {
  const parts = /^([0-9]{1,2})(?::([0-9]{1,2})(?::([0-9]{1,2}))?)?$/.exec(value);
  if (!parts) return null;
  const [, hour = '0', minute = '0', second = '0'] = parts;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  return [hour, minute, second].map((part) => part.padStart(2, '0'));
}

/** As nft prints them. */
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
/** As fw4 tries them: `s` is Saturday. */
const weekday = choice(...DAYS.slice(1), DAYS[0]);

export interface Weekdays extends Negatable {
  readonly days: readonly string[];
}

export const weekdays: Meaning<Weekdays> = (value) => {
  const read = negation(value);
  if (!read) return null;
  const days = read.rest.split(/[ \t]+/).map((day) => weekday(day));
  if (days.includes(null)) return null;
  return { negated: read.negated, days: DAYS.filter((day) => days.includes(day)) };
};
