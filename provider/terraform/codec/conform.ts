import { quote } from '../../rule/quote';
import { UNKNOWN } from '../../rule/rule';
import { type Side, unreadable } from './fault';
import type { Type } from './type';

/** How values of one side are taken. */
export interface Manners {
  readonly side: Side;
  /** What becomes of attributes that the schema does not have. */
  readonly extras: 'refused' | 'dropped';
  /** A number in the form in which it goes on; undefined = it is none. */
  number(value: unknown): unknown;
}

/**
 * The value as its type has it: every attribute there, null where nothing is. Throws PortforwardError `internal` that names
 * the attribute that does not fit, and shows no value.
 */
export function conform(type: Type, value: unknown, manners: Manners, at = ''): unknown {
  if (value === null || value === undefined) return null;
  if (value === UNKNOWN) return UNKNOWN;
  if (typeof type === 'string') {
    const taken =
      type === 'number' ? manners.number(value) : typeof value === PLAIN[type] ? value : undefined;
    if (taken === undefined) throw misfit(type, value, manners, at);
    return taken;
  }
  const [shape, inner] = type;
  if (shape !== 'object') {
    if (!Array.isArray(value)) throw misfit(type, value, manners, at);
    return value.map((item, index) => conform(inner, item, manners, `${at}[${index}]`));
  }
  if (!isPlain(value)) throw misfit(type, value, manners, at);
  if (manners.extras === 'refused')
    for (const key in value)
      if (!Object.hasOwn(inner, key))
        throw unreadable(
          manners.side,
          `there is no attribute ${quote(key)}${at === '' ? '' : ` in ${at}`} in the schema`,
        );
  const taken: Record<string, unknown> = {};
  for (const key in inner) {
    const given = Object.hasOwn(value, key) ? value[key] : null;
    taken[key] = conform(inner[key] as Type, given, manners, at === '' ? key : `${at}.${key}`);
  }
  return taken;
}

const PLAIN = { string: 'string', bool: 'boolean' } as const;

const EXPECTED = {
  string: 'text',
  bool: 'true or false',
  number: 'a number',
  list: 'a list',
  set: 'a set',
  object: 'an object',
} as const;

function misfit(type: Type, value: unknown, { side }: Manners, at: string): Error {
  const expected = EXPECTED[typeof type === 'string' ? type : type[0]];
  return unreadable(
    side,
    `${at === '' ? 'the whole' : at} is ${kindOf(value)} where ${expected} was expected`,
  );
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'object') return isPlain(value) ? 'an object' : 'of a kind that is not known';
  return typeof value === 'number' && !Number.isFinite(value) ? 'no finite number' : `a ${typeof value}`;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
