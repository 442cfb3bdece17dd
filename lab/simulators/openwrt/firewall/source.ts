import type { UciPackage, UciSection, UciValue } from '../uci/package';

/** Something that fw4 makes rules of: a section of /etc/config/firewall, or what a service tells over ubus. */
export interface Source {
  readonly options: ReadonlyMap<string, UciValue>;
  /** How fw4 calls it in a warning. */
  readonly label: string;
  /** Its name where it has none of its own: fw4 names the rule after the section. */
  readonly fallbackName: string | undefined;
}

/** An anonymous section is called by its place among those of its type, as in `@redirect[0]`. */
export function sectionSource(uci: UciPackage, section: UciSection): Source {
  const id = section.anonymous ? placeOf(uci, section) : section.name;
  return { options: section.options, label: `Section ${id}${called(section.options)}`, fallbackName: id };
}

function placeOf({ sections }: UciPackage, section: UciSection): string {
  const peers = sections.filter(({ type }) => type === section.type);
  return `@${section.type}[${peers.indexOf(section)}]`;
}

/** What a service tells. Its name is made by fw4, from the service's name and a number. */
export function serviceSource(type: string, values: Readonly<Record<string, unknown>>, name: string): Source {
  const options = new Map<string, UciValue>();
  for (const [option, value] of Object.entries(values)) {
    if (option !== 'type') options.set(option, Array.isArray(value) ? value.map(String) : String(value));
  }
  options.set('name', name);
  return { options, label: `ubus ${type}${called(options)}`, fallbackName: undefined };
}

function called(options: ReadonlyMap<string, UciValue>): string {
  const name = options.get('name');
  return name === undefined ? '' : ` (${String(name)})`;
}
