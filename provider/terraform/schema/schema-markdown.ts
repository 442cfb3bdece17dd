import type { SchemaAttribute } from '../wire/messages';
import type { Block } from './block';

/** The section `Schema` of a page, as the public registries show it. */
export function schemaMarkdown({ block }: Block): string {
  const { lines, below } = attributeLists(block.attributes ?? [], '###', '');
  return ['## Schema', ...lines, ...below].join('\n\n');
}

interface Section {
  readonly lines: readonly string[];
  /** Sections on the objects among the attributes. */
  readonly below: readonly string[];
}

function attributeLists(attributes: readonly SchemaAttribute[], heading: string, path: string): Section {
  const groups = [
    ['Required', attributes.filter(({ required }) => required)],
    ['Optional', attributes.filter(({ optional }) => optional)],
    ['Read-Only', attributes.filter(({ required, optional }) => !required && !optional)],
  ] as const;
  const lines = groups.flatMap(([title, members]) =>
    members.length === 0
      ? []
      : [
          heading === '' ? `${title}:` : `${heading} ${title}`,
          members.map((one) => line(one, path)).join('\n'),
        ],
  );
  return { lines, below: attributes.flatMap((attribute) => nestedSection(attribute, path)) };
}

function line(attribute: SchemaAttribute, path: string): string {
  const { name, description, sensitive } = attribute;
  const type = `${typeName(attribute)}${sensitive ? ', Sensitive' : ''}`;
  const see = attribute.nested_type ? ` (see [below for nested schema](#${anchor(`${path}${name}`)}))` : '';
  return `- \`${name}\` (${type}) ${description}${see}`;
}

function nestedSection({ name, nested_type: nested }: SchemaAttribute, path: string): string[] {
  if (!nested) return [];
  const here = `${path}${name}`;
  const { lines, below } = attributeLists(nested.attributes, '', `${here}.`);
  return [`<a id="${anchor(here)}"></a>\n\n### Nested Schema for \`${here}\``, ...lines, ...below];
}

function anchor(path: string): string {
  return `nestedatt--${path.replaceAll('.', '--')}`;
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'String',
  number: 'Number',
  bool: 'Boolean',
  list: 'List of',
  set: 'Set of',
};

function typeName({ type, nested_type: nested }: SchemaAttribute): string {
  if (nested) return nested.nesting === 'SINGLE' ? 'Attributes' : 'Attributes List';
  const written: unknown = JSON.parse(Buffer.from(type ?? []).toString());
  return [written]
    .flat()
    .map((word) => NAMES[String(word)] ?? String(word))
    .join(' ');
}
