import { createHash } from 'node:crypto';
import { PortforwardError } from '../../rule/error';
import { plainText } from './plain-text';

/** Text, or a uci list. */
export type OptionValue = string | readonly string[];
export type Options = Readonly<Record<string, OptionValue>>;

/** One section of /etc/config/firewall as `uci get` tells it. */
export interface Section {
  /** By it the section is addressed; made up (`cfg0e92bd`) where it is anonymous, and not kept over changes. */
  readonly name: string;
  readonly anonymous: boolean;
  readonly type: string;
  readonly options: Options;
}

/** The sections of a `uci get` without a section, in the order of the file, which is the order in which fw4 reads them. */
export function readSections(data: unknown): readonly Section[] {
  const values = isTable(data) ? data.values : undefined;
  if (!isTable(values)) throw strange('it holds no table of sections');
  const read = Object.entries(values).map(([name, value], position) => {
    if (!isTable(value) || typeof value['.type'] !== 'string') throw strange(`section ${name} has no type`);
    const { '.index': index, '.type': type, '.anonymous': anonymous } = value;
    const section = { name, anonymous: anonymous === true, type, options: optionsOf(value) };
    return { section, at: typeof index === 'number' ? index : position };
  });
  return read.sort((a, b) => a.at - b.at).map(({ section }) => section);
}

/** Changes with every change of the configuration, by whomever. */
export function generationOf(sections: readonly Section[]): string {
  return createHash('sha256').update(sections.map(contentOf).join('\n')).digest('hex').slice(0, 32);
}

/** All that a section says, as text; the made-up name of an anonymous one depends on its place, and says nothing. */
export function contentOf({ name, anonymous, type, options }: Section): string {
  const sorted = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([type, anonymous ? null : name, sorted]);
}

/**
 * How fw4 calls a section, in comments where it has no option `name`, and in warnings: anonymous ones are counted by type.
 * By the section's own name.
 */
export function sectionIds(sections: readonly Section[]): ReadonlyMap<string, string> {
  const counted = new Map<string, number>();
  return new Map(
    sections.map(({ name, anonymous, type }) => {
      const place = counted.get(type) ?? 0;
      counted.set(type, place + 1);
      return [name, anonymous ? `@${type}[${place}]` : name];
    }),
  );
}

function optionsOf(value: Readonly<Record<string, unknown>>): Options {
  const own = Object.entries(value).filter(([key]) => !key.startsWith('.'));
  return Object.fromEntries(
    own.map(([key, one]) => [key, Array.isArray(one) ? one.map(plainText) : plainText(one)] as const),
  );
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strange(what: string): PortforwardError {
  return new PortforwardError(
    'version',
    `The router told its firewall configuration in a shape that we do not know: ${what}.`,
    { hint: 'See docs/gateways/openwrt.md for the versions that are known to work.' },
  );
}
