import { mark } from './match-meanings';
import { flag, limit, text, whole } from './meanings';
import { one, unsupported } from './options';
import { date, time, weekdays } from './time-meanings';

/** Options that rules and redirects have in common, and that mean the same in both. */
export const sharedOptions = {
  extra: unsupported(text),
  limit: one(limit),
  limit_burst: one(whole),
  utc_time: one(flag),
  start_date: one(date),
  stop_date: one(date),
  start_time: one(time),
  stop_time: one(time),
  weekdays: one(weekdays),
  monthdays: unsupported(text),
  mark: one(mark),
  counter: one(flag, { fallback: '1' }),
  log: one(text),
  log_limit: one(limit),
};

/** Whether and under which prefix: a truth stands for the rule's name, any other text is the prefix itself. */
export function logPrefix(log: string | undefined, name: string): string | undefined {
  const asked = log === undefined ? false : (flag(log) ?? null);
  return asked === null ? log : asked ? `${name}: ` : undefined;
}
