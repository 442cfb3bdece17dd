import { quoted } from '../kernel/nft-rule';
import type { Family } from './address';
import { type Dscp, type Helper, type Mark, spellDscp } from './match-meanings';
import type { Limit } from './meanings';
import type { Weekdays } from './time-meanings';

/** What else a section can demand. */
export interface Conditions {
  readonly helper?: Helper | undefined;
  readonly limit?: Limit | undefined;
  readonly limit_burst?: number | undefined;
  readonly start_date?: string | undefined;
  readonly stop_date?: string | undefined;
  readonly start_time?: string | undefined;
  readonly stop_time?: string | undefined;
  readonly weekdays?: Weekdays | undefined;
  readonly mark?: Mark | undefined;
  readonly dscp?: Dscp | undefined;
}

export function spellConditions(family: Family, conditions: Conditions): string[] {
  const { helper, limit, limit_burst: burst, weekdays, mark, dscp } = conditions;
  const not = ({ negated }: { negated: boolean }): string => (negated ? '!= ' : '');
  return [
    ...(helper ? [`ct helper ${not(helper)}${quoted(helper.helper)}`] : []),
    ...(limit ? [spellLimit(limit, burst)] : []),
    ...spellSpan('meta time', conditions.start_date, conditions.stop_date),
    ...spellSpan('meta hour', conditions.start_time, conditions.stop_time),
    ...(weekdays ? [`meta day ${not(weekdays)}${spellDays(weekdays.days)}`] : []),
    ...(mark ? [spellMark(mark)] : []),
    ...(dscp ? [`${family === 6 ? 'ip6' : 'ip'} dscp ${not(dscp)}${spellDscp(dscp.dscp)}`] : []),
  ];
}

/** A burst of 5 is nft's own habit, and not printed. */
export function spellLimit({ rate, unit }: Limit, burst?: number): string {
  return `limit rate ${rate}/${unit}${burst && burst !== 5 ? ` burst ${burst} packets` : ''}`;
}

function spellSpan(key: string, start: string | undefined, stop: string | undefined): string[] {
  if (start !== undefined && stop !== undefined) return [`${key} "${start}"-"${stop}"`];
  if (start !== undefined) return [`${key} >= "${start}"`];
  return stop === undefined ? [] : [`${key} <= "${stop}"`];
}

function spellDays(days: readonly string[]): string {
  const names = days.map((day) => `"${day}"`);
  return names.length === 1 ? (names[0] as string) : `{ ${names.join(', ')} }`;
}

function spellMark({ negated, mark, mask }: Mark): string {
  if (mask === 0xffff_ffff) return `meta mark ${negated ? '!= ' : ''}0x${hex(mark, 8)}`;
  return `meta mark & 0x${hex(mask, 8)} ${negated ? '!=' : '=='} 0x${hex(mark, 8)}`;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
