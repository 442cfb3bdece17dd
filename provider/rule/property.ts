import type { Read } from './read';
import type { Forward, LooseInputs, RuleInputs, Unknown } from './rule';

export type PropertyName = keyof RuleInputs;

/** All there is to know about one property; checks, diff, equality, spelling, schemas and docs derive from it. */
export interface Property<T = unknown> {
  /** `ports` = number or text in the port grammar. */
  readonly type: 'text' | 'boolean' | 'integer' | 'ports' | 'texts';
  /** The only values accepted, where there are few. */
  readonly values?: readonly string[];
  readonly required: boolean;
  /** What an unset property means; undefined where no value says the same, see `sameAs` and `unset`. */
  readonly default?: string | boolean;
  /** The property whose value an unset one takes. */
  readonly sameAs?: PropertyName;
  /** What an unset property means, in words, where there is no default. */
  readonly unset?: string;
  /** The accepted values in words, for messages and docs. */
  readonly accepts: string;
  /** Prose for docs and schemas, Markdown. */
  readonly description: string;
  readonly examples: readonly unknown[];
  /** True = never shown. No property of a rule is secret. */
  readonly secret: boolean;
  /** Part of the rule's id: changing it replaces the rule. */
  readonly id: boolean;
  /**
   * How wanted and live are compared. `text` = character by character, `meaning` = by the normal form, `if-set` = by
   * meaning, but unset equals anything, `never` = steers only, and the gateway does not tell it.
   */
  readonly compared: 'text' | 'meaning' | 'if-set' | 'never';
  /** Steers what we do, and says nothing of the forward itself. */
  readonly steers: boolean;
  /**
   * Not every gateway can honour it. `refused` = setting it is an error where the gateway cannot, `emulated` = done
   * by other means there.
   */
  readonly optional?: 'refused' | 'emulated';
  /** What people call it by mistake. */
  readonly aliases: readonly string[];
  /** Reads a known value. Parts of it may still be unknown. */
  read(value: unknown): Read<T>;
  /** The live state as a canonical input; undefined = unset. Absent where the gateway does not tell it. */
  spell?(live: Forward): unknown;
  /** As `spell`, for a property whose spelling depends on others: `done` holds those before it in the table. */
  respell?(live: Forward, recorded: LooseInputs, done: LooseInputs): unknown;
  /** The normal form of what the inputs say, comparable as JSON; default: that of `read`. */
  meaning?(inputs: LooseInputs): unknown | Unknown;
  /** Whether two forwards differ in it; default: by the meaning of `spell`. */
  differs?(wanted: Forward, live: Forward): boolean;
  /** False = a change of it needs no update. Default true. */
  readonly diffed?: boolean;
}

/** A row under its name. */
export interface NamedProperty extends Property {
  readonly name: PropertyName;
}
