import { type Case, DOORS, type DoorName, type Group, type Refusal, type Surroundings } from './case';
import { table } from './cases';
import { type Gateway, gateways, surroundingsOf } from './gateways';
import { playsHere, whyLeftOut } from './left-out';
import { leavingOut } from './page-left-out';

/** The names of the cases do not depend on the network. */
const ANY: Surroundings = {
  hosts: ['192.168.1.10', '192.168.1.20'],
  host6: '2001:db8:1::10',
  wan: 'wan',
  someone: '203.0.113.0/24',
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
entries of other programs are untouched, and the next plan finds nothing to do.

## On which gateways

How many of the ${groups.flatMap(({ cases }) => cases).length} cases are played:

${head('gateway')}
${gateways.map((gateway) => row(gateway.name, (door) => counted(gateway, door))).join('\n')}

${leavingOut(gateways)}
## Where they differ

${differences(groups)}

## The cases

${groups.map(section).join('\n')}`;
}

function counted(gateway: Gateway, door: DoorName): string {
  if (gateway.without[door] !== undefined) return 'none';
  const cases = table(surroundingsOf(gateway))
    .filter((group) => playsHere(gateway, door, group))
    .flatMap((group) => group.cases)
    .filter((one) => one.elsewhere?.[door] === undefined && whyLeftOut(gateway, one) === null);
  return String(cases.length);
}

function differences(groups: readonly Group[]): string {
  const lines = groups.flatMap(({ cases }) =>
    cases.flatMap(({ name, differs = [] }) =>
      differs.map(
        ({ doors, because, steps }) =>
          `- **${name}** (${doors.join(', ')}). ${because}${said(refusalsIn(steps ?? []))}`,
      ),
    ),
  );
  return lines.join('\n');
}

function section({ title, cases }: Group): string {
  const rows = cases.map((one) =>
    row(`${one.name}${said(refusalsIn(one.steps))}`, (door) => cell(one, door)),
  );
  return `### ${title[0]?.toUpperCase()}${title.slice(1)}\n\n${head('case')}\n${rows.join('\n')}\n`;
}

function head(first: string): string {
  return `| ${first} | ${DOOR_NAMES.join(' | ')} |\n| --- |${DOOR_NAMES.map(() => ' --- |').join('')}`;
}

function row(first: string, of: (door: DoorName) => string): string {
  return `| ${first} | ${DOOR_NAMES.map(of).join(' | ')} |`;
}

function refusalsIn(steps: Case['steps']): readonly Refusal[] {
  return steps.flatMap(({ plan, refused }) => [
    ...(plan && 'refused' in plan ? [plan.refused] : []),
    ...(refused ? [refused] : []),
  ]);
}

/** The words that a refusal has to have. */
function said(refusals: readonly Refusal[]): string {
  const words = refusals.flatMap(({ property, words }) => [
    ...(property === undefined ? [] : [property]),
    ...words.map((one) => `\`${one}\``),
  ]);
  return words.length === 0 ? '' : ` (refused with: ${words.join(', ')})`;
}

function cell({ elsewhere = {}, differs = [] }: Case, door: DoorName): string {
  const place = elsewhere[door];
  if (place !== undefined) return `see ${place}`;
  const difference = differs.find(({ doors }) => doors.includes(door));
  if (difference === undefined) return 'as declared';
  return difference.steps === null ? 'not possible' : 'differs';
}
