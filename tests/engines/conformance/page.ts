import { type Case, DOORS, type DoorName, type Group, type Refusal, type Surroundings } from './case';
import { table } from './cases';
import { type Gateway, gateways, surroundingsOf } from './gateways';
import { whyLeftOut } from './left-out';

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

| gateway | cases | left out |
| --- | --- | --- |
${gateways.map(line).join('\n')}

${gateways.map(leftOutOn).join('\n')}
## Where they differ

${differences(groups)}

## The cases

${groups.map(section).join('\n')}`;
}

function line(gateway: Gateway): string {
  const all = casesOn(gateway);
  const out = all.filter(({ why }) => why !== null);
  return `| ${gateway.name} | ${all.length - out.length} | ${out.length} |`;
}

/** What a gateway does not play, and where a door plays only a part. */
function leftOutOn(gateway: Gateway): string {
  const lines = casesOn(gateway).flatMap(({ name, why }) =>
    why === null ? [] : [`- **${name}**: ${why.replace(/\.$/, '')}.`],
  );
  const brief = Object.entries(gateway.brief).map(
    ([door, why]) => `- **${door}** plays only ${PLAYED_AT_ONCE}: ${why}.`,
  );
  const without = Object.entries(gateway.without).map(([door, why]) => `- **${door}**: ${why}.`);
  const all = [...without, ...brief, ...lines];
  return all.length === 0 ? '' : `Left out on ${gateway.name}:\n\n${all.join('\n')}\n`;
}

const PLAYED_AT_ONCE = table(ANY)
  .filter(({ together }) => together)
  .map(({ title }) => `"${title}"`)
  .join(', ');

function casesOn(gateway: Gateway): readonly { readonly name: string; readonly why: string | null }[] {
  return table(surroundingsOf(gateway)).flatMap(({ cases }) =>
    cases.map((one) => ({ name: one.name, why: whyLeftOut(gateway, one) })),
  );
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
  const head = `| case | ${DOOR_NAMES.join(' | ')} |\n| --- |${DOOR_NAMES.map(() => ' --- |').join('')}`;
  const rows = cases.map(
    (one) =>
      `| ${one.name}${said(refusalsIn(one.steps))} | ${DOOR_NAMES.map((door) => cell(one, door)).join(' | ')} |`,
  );
  return `### ${title[0]?.toUpperCase()}${title.slice(1)}\n\n${head}\n${rows.join('\n')}\n`;
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
