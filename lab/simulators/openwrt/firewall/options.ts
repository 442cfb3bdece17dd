import type { UciValue } from '../uci/package';
import { LeftOut } from './left-out';
import type { Source } from './source';

/** What a text of an option means; null = nothing that fw4 accepts. */
export type Meaning<T> = (text: string) => T | null;

interface Flags {
  /** What stands for a missing option. */
  readonly fallback?: string | undefined;
  readonly required?: boolean;
  /** A leading `!` is refused. */
  readonly plain?: boolean;
  /** Warned about, and then left out. */
  readonly ignored?: 'is not supported by fw4' | 'is deprecated by fw4';
}

export interface Wanted<T> extends Flags {
  readonly meaning: Meaning<unknown>;
  readonly many: boolean;
  readonly is?: T;
}

/** One value; a list is refused. */
export const one = <T>(meaning: Meaning<T>, flags: Flags = {}): Wanted<T | undefined> => ({
  ...flags,
  meaning,
  many: false,
});

/** A list, or the words of a text. A meaning that is a list itself is laid out flat. */
export const many = <T>(
  meaning: Meaning<T>,
  flags: Flags = {},
): Wanted<(T extends readonly (infer E)[] ? E : T)[] | undefined> => ({ ...flags, meaning, many: true });

/** What fw4 no longer knows. */
export const unsupported = (meaning: Meaning<unknown>): Wanted<undefined> => ({
  meaning,
  many: false,
  ignored: 'is not supported by fw4',
});

export type Found<S> = { readonly [K in keyof S]: S[K] extends Wanted<infer T> ? T : never };

/** The options as fw4 understands them. One that it cannot take spoils the whole section. */
export function readOptions<S extends Readonly<Record<string, Wanted<unknown>>>>(
  source: Source,
  wanted: S,
  warn: (words: string) => void,
): Found<S> {
  const say = (words: string): void => warn(`${source.label} ${words}`);
  const found: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(wanted)) {
    const value = readOption(name, option, source.options.get(name), say);
    if (value === null) throw new LeftOut('skipped due to invalid options');
    if (value === undefined) continue;
    if (option.ignored) say(`option '${name}' ${option.ignored}`);
    else found[name] = value;
  }
  for (const name of source.options.keys()) {
    if (!(name in wanted)) say(`specifies unknown option '${name}'`);
  }
  return found as Found<S>;
}

/** Undefined = not there; null = unacceptable, and said so. */
function readOption(
  name: string,
  { meaning, many: list, fallback, required, plain }: Wanted<unknown>,
  given: UciValue | undefined,
  say: (words: string) => void,
): unknown {
  if (given === undefined && required) {
    say(`option '${name}' is mandatory but not set`);
    return null;
  }
  const value = given ?? fallback;
  if (value === undefined) return undefined;
  if (!list && typeof value !== 'string') {
    say(`option '${name}' must not be a list`);
    return null;
  }
  const texts = !list ? [value as string] : typeof value === 'string' ? words(value) : value;
  const meanings: unknown[] = [];
  for (const text of texts) {
    const meant = meaning(text);
    if (meant === null) {
      say(`option '${name}' specifies invalid value '${text}'`);
      return null;
    }
    if (plain && (meant as { negated?: boolean }).negated) {
      say(`option '${name}' must not be negated`);
      return null;
    }
    meanings.push(meant);
  }
  if (!list) return meanings[0];
  return meanings.length === 0 ? undefined : meanings.flat();
}

const words = (text: string): string[] => text.split(/[ \t]+/).filter((word) => word !== '');
