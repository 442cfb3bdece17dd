/** The types that a method of ubus can ask for, by the names that `list` tells. */
export type ArgumentType = 'string' | 'boolean' | 'number' | 'array' | 'object';

export type Arguments = Readonly<Record<string, unknown>>;

const IS: Readonly<Record<ArgumentType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: isInt32,
  array: Array.isArray,
  object: isTable,
};

/**
 * The arguments that a method sees: a value of another type than it asks for is taken as absent, without a word. So
 * `"rollback": 1` is no rollback at all, and `"timeout": "30"` is the default.
 */
export function seen(given: Arguments, wanted: Readonly<Record<string, ArgumentType>>): Arguments {
  const fit = Object.entries(given).filter(([name, value]) => {
    const type = wanted[name];
    return type !== undefined && IS[type](value);
  });
  return Object.fromEntries(fit);
}

export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * How uci stores a value: whole numbers as unsigned digits, true as 1, false as 0. Fractions, null and what is nested
 * cannot be stored: null.
 */
export function storable(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (!Number.isInteger(value)) return null;
  const whole = BigInt(value as number);
  return String(isInt32(value) ? BigInt.asUintN(32, whole) : BigInt.asUintN(64, whole));
}

function isInt32(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(value as number) <= 0x7fff_ffff;
}
