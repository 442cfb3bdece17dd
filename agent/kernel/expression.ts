/** One statement or expression of nft's JSON language (libnftables-json(5)). */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Statement = Readonly<Record<string, Json>>;
/** The statements of one rule, in order. */
export type Rule = readonly Statement[];

export const meta = (key: string): Statement => ({ meta: { key } });
export const ct = (key: string): Statement => ({ ct: { key } });
export const field = (protocol: string, name: string): Statement => ({
  payload: { protocol, field: name },
});
export const concat = (...parts: Json[]): Statement => ({ concat: parts });

export const is = (left: Json, right: Json): Statement => ({ match: { op: '==', left, right } });
export const isNot = (left: Json, right: Json): Statement => ({ match: { op: '!=', left, right } });
export const has = (left: Json, right: Json): Statement => ({ match: { op: 'in', left, right } });

/** True where the bit is set, whatever the others are. */
export const hasBit = (left: Json, bit: number): Statement => is({ '&': [left, bit] }, bit);
/** Sets the bit and leaves the others alone. */
export const setBit = (key: Statement, bit: number): Statement => ({
  mangle: { key, value: { '|': [key, bit] } },
});

export const jump = (target: string): Statement => ({ jump: { target } });
export const leave: Statement = { return: null };
export const drop: Statement = { drop: null };
export const accept: Statement = { accept: null };

/** Text that is equal for equal JSON, whatever the order of keys. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const object = value as { readonly [key: string]: Json };
  return `{${Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(object[key] ?? null)}`)
    .join()}}`;
}

/** What a listed object says under this name; undefined for anything but an object. */
export function member(value: Json | undefined, name: string): Json | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  return (value as { readonly [key: string]: Json })[name];
}

/** The same where it must be a list, such as of `set`, `concat` and `range`; null where it is none. */
export function listIn(value: Json | undefined, name: string): readonly Json[] | null {
  const found = member(value, name);
  if (found === undefined || found === null) return null;
  return Array.isArray(found) ? (found as readonly Json[]) : [found];
}

/** A listed rule; whatever is no statement becomes one that nobody knows. */
export function readRule(expr: Json | undefined): Rule {
  const list = Array.isArray(expr) ? (expr as readonly Json[]) : [expr ?? null];
  return list.every(isStatement)
    ? list
    : list.map((one) => (isStatement(one) ? one : { unknown: canonical(one) }));
}

function isStatement(one: Json): one is Statement {
  return one !== null && typeof one === 'object' && !Array.isArray(one);
}

/** True for equal JSON, whatever the order of keys; quicker than by `canonical`. */
export function equalJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    const [one, other] = [a as readonly Json[], b as readonly Json[]];
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      one.length === other.length &&
      one.every((value, at) => equalJson(value, other[at] ?? null))
    );
  }
  const [one, other] = [a as { [key: string]: Json }, b as { [key: string]: Json }];
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && equalJson(one[key] ?? null, other[key] ?? null))
  );
}
