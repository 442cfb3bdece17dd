import { MAX_ENTRIES } from './check-capabilities';
import { properties } from './properties';
import type { NamedProperty, Property } from './property';

/** The reference of the rule as Markdown, derived from the property table. */
export function ruleReference(): string {
  return `${[INTRODUCTION, overview(), ...properties.map(section), PORTS, CONFLICTS, DRIFT, OUT_OF_SCOPE].join('\n\n')}\n`;
}

const INTRODUCTION = `# The rule

A \`PortForwardRule\` says which connections from outside go where. These are its properties. Every mistake is reported before anything is changed, with the property, the value, what is accepted and, where likely, the value that was meant. A property that does not exist is a mistake too. In Pulumi the default of \`name\` is the logical name of the resource.

Values that are not known yet (outputs of resources that are still to be created) pass every check and are checked when they are known.`;

function overview(): string {
  const rows = properties.map(
    (row) => `| [\`${row.name}\`](#${row.name.toLowerCase()}) | ${typeOf(row)} | ${unsetOf(row)} |`,
  );
  return ['| Property | Type | When unset |', '| --- | --- | --- |', ...rows].join('\n');
}

function section(row: NamedProperty): string {
  const facts = [
    `- Type: ${typeOf(row)}`,
    `- Accepted: ${escapeAngles(row.accepts)}`,
    `- When unset: ${unsetOf(row)}`,
    ...(row.id ? ['- Part of the id: changing it replaces the rule, the old one is deleted first.'] : []),
    `- Drift: ${COMPARED[row.compared]}`,
    ...(row.optional ? [`- Where a gateway cannot do it: ${OPTIONAL[row.optional]}`] : []),
    `- Examples: ${row.examples.map((example) => `\`${JSON.stringify(example)}\``).join(', ')}`,
  ];
  return `## ${row.name}\n\n${row.description}\n\n${facts.join('\n')}`;
}

/** `<name>` in running text is HTML to Markdown. */
function escapeAngles(text: string): string {
  return text.replaceAll('<', '\\<');
}

const TYPES: Readonly<Record<NamedProperty['type'], string>> = {
  text: 'text',
  boolean: 'boolean',
  integer: 'number',
  ports: 'number or text',
  texts: 'list of texts',
};

function typeOf({ type, values }: NamedProperty): string {
  return values ? values.map((value) => `\`"${value}"\``).join(' or ') : TYPES[type];
}

function unsetOf(row: NamedProperty): string {
  return row.required ? 'an error' : unsetMeans(row);
}

/** What an unset property means, as Markdown; for one that may be unset. */
export function unsetMeans({ default: value, sameAs, unset }: Property): string {
  if (value !== undefined) return `\`${JSON.stringify(value)}\``;
  return sameAs === undefined ? (unset ?? '') : `the same as \`${sameAs}\``;
}

const COMPARED: Readonly<Record<NamedProperty['compared'], string>> = {
  text: 'any other text on the gateway is drift.',
  meaning: 'compared by meaning, whatever the spelling; anything else on the gateway is drift.',
  'if-set': 'compared only when it is set.',
  never: 'none, the gateway holds no such value.',
};

const OPTIONAL: Readonly<Record<NonNullable<NamedProperty['optional']>, string>> = {
  refused: 'setting it is an error that names the gateway.',
  emulated: 'it is done by other means.',
};

const PORTS = `## How ports are written

One grammar serves every property that holds ports: a number (\`443\`), the same as text (\`"443"\`), a range (\`"8000-8010"\`), or a list of both (\`"80,443,8000-8010"\`). Ports are 1-65535, in plain decimal digits, without signs, zeros in front or spaces. A range runs upwards. A port may be named once in a list.

\`internalPort\` has as many pieces as \`externalPort\`, each of the same length: the pieces correspond by their position. One number for several ports is refused, since it could mean two things; the message shows how to write each.

A gateway that holds one range, one protocol or a few sources in an entry gets several entries for one rule; at most ${MAX_ENTRIES}.`;

const CONFLICTS = `## Conflicts

Two rules conflict when some packet could match both: they are enabled, of one address family, and their WANs, protocols, external ports and sources overlap. A rule without \`wan\` overlaps every WAN. The name of an interface and an address cannot be told apart, so they overlap. Pinholes to different hosts never conflict, since the public address of a pinhole is its host. Two rules of one gateway and owner must not have the same name.`;

const DRIFT = `## Drift

What someone changed on the gateway is shown property by property, in the spelling that you used: only what means something else now is written anew. Sources that vanished are shown as \`["0.0.0.0/0"]\` or \`["::/0"]\`: everyone is let in. Where the entries of one rule disagree, the property shows what each of them says, such as \`tcp:80: true; tcp:443: false\`; the next update mends it.`;

const OUT_OF_SCOPE = `## Out of scope

1:1 NAT, load balancing over several hosts, and redirects on the LAN side.`;
