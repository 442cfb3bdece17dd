import { nearest } from './nearest';
import { quote } from './quote';
import type { Read } from './read';

export const ADOPT_ACCEPTED =
  'the natural key ("tcp:443", "udp:8000-8010@wan2") or the handle of one entry, 1-255 characters on one line';
export const DESCRIPTION_ACCEPTED = 'up to 255 characters on one line';
export const LEASE_ACCEPTED = 'a whole number of seconds, 1-4294967295';

export function readDescription(value: unknown): Read<string> {
  if (typeof value === 'string' && value.length <= 255 && isOneLine(value)) return { value };
  const fault =
    typeof value !== 'string'
      ? 'is not a text'
      : isOneLine(value)
        ? `has ${value.length} characters`
        : 'has control characters';
  return { reason: `${quote(value)} ${fault}; accepted: ${DESCRIPTION_ACCEPTED}.` };
}

export function readAdopt(value: unknown): Read<string> {
  if (typeof value === 'string' && /^\S(?:.*\S)?$/u.test(value) && value.length <= 255 && isOneLine(value)) {
    return { value };
  }
  return { reason: `${quote(value)} names no entry; accepted: ${ADOPT_ACCEPTED}.` };
}

export function readLease(value: unknown): Read<number> {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 0xffffffff)
    return { value };
  const meant = typeof value === 'string' && /^[1-9][0-9]{0,8}$/.test(value) ? ` Did you mean ${value}?` : '';
  return { reason: `${quote(value)} is no duration; accepted: ${LEASE_ACCEPTED}.${meant}` };
}

export function readBoolean(value: unknown): Read<boolean> {
  if (typeof value === 'boolean') return { value };
  const word = String(typeof value === 'string' || typeof value === 'number' ? value : '')
    .trim()
    .toLowerCase();
  const meant = ['true', 'yes', 'on', '1'].includes(word)
    ? ' Did you mean true?'
    : ['false', 'no', 'off', '0'].includes(word)
      ? ' Did you mean false?'
      : '';
  return { reason: `${quote(value)} is neither true nor false; accepted: true or false.${meant}` };
}

export const PROTOCOLS = ['tcp', 'udp', 'tcp+udp'] as const;

export function readProtocol(value: unknown): Read<(typeof PROTOCOLS)[number]> {
  const protocol = PROTOCOLS.find((known) => known === value);
  if (protocol) return { value: protocol };
  const meant = typeof value === 'string' ? meantProtocol(value) : null;
  return {
    reason: `${quote(value)} is not a protocol; accepted: "tcp", "udp" or "tcp+udp".${meant ? ` Did you mean "${meant}"?` : ''}`,
  };
}

function meantProtocol(value: string): string | null {
  const words: string[] = value.toLowerCase().match(/tcp|udp|both|all|any/g) ?? [];
  if (words.some((word) => word.length !== 3 || word === 'all' || word === 'any')) return 'tcp+udp';
  if (words.includes('tcp') && words.includes('udp')) return 'tcp+udp';
  return words[0] ?? nearest(value, PROTOCOLS);
}

/** No control characters, no line separators, no halves of characters. */
function isOneLine(text: string): boolean {
  return !/[\p{Cc}\u2028\u2029]|[\uD800-\uDFFF]/u.test(text);
}
