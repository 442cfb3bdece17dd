import { type Case, DOORS, type DoorName, type Group, type Surroundings } from './case';
import { table } from './cases';

/** The names of the cases do not depend on the network. */
const ANY: Surroundings = {
  hosts: ['192.168.1.10', '192.168.1.20'],
  host6: '2001:db8:1::10',
  wan: 'wan',
};

const DOOR_NAMES = Object.keys(DOORS) as DoorName[];

/** docs/conformance.md: the table as people read it. */
export function conformancePage(): string {
  const groups = table(ANY);
  return `# The front doors agree

One table of cases is played through every front door, on every kind of gateway that doors can reach, and the gateway's final
tables are compared with what is expected and with each other. This page is written from that table (\`npm run docs\`); the
cases are in \`tests/engines/conformance/cases\`.

${DOOR_NAMES.map((name) => `- **${name}**: ${DOORS[name]}`).join('\n')}

"as declared" means: the plan says what the case declares, the run does it, the gateway then holds exactly what was declared,
entries of other programs are untouched, and the next plan finds nothing to do. Cases that need what a gateway has not got are
left out on that gateway.

## Where they differ

${differences(groups)}

## The cases

${groups.map(section).join('\n')}`;
}

function differences(groups: readonly Group[]): string {
  const lines = groups.flatMap(({ cases }) =>
    cases.flatMap(({ name, differs = [] }) =>
      differs.map(({ doors, because }) => `- **${name}** (${doors.join(', ')}). ${because}`),
    ),
  );
  return lines.join('\n');
}

function section({ title, cases }: Group): string {
  const head = `| case | ${DOOR_NAMES.join(' | ')} |\n| --- |${DOOR_NAMES.map(() => ' --- |').join('')}`;
  const rows = cases.map(
    (one) => `| ${needing(one)} | ${DOOR_NAMES.map((door) => cell(one, door)).join(' | ')} |`,
  );
  return `### ${title[0]?.toUpperCase()}${title.slice(1)}\n\n${head}\n${rows.join('\n')}\n`;
}

function needing({ name, needs = [] }: Case): string {
  return needs.length === 0 ? name : `${name} (needs ${needs.join(', ')})`;
}

function cell({ elsewhere = {}, differs = [] }: Case, door: DoorName): string {
  const place = elsewhere[door];
  if (place !== undefined) return `see ${place}`;
  const difference = differs.find(({ doors }) => doors.includes(door));
  if (difference === undefined) return 'as declared';
  return difference.steps === null ? 'not possible' : 'differs';
}
