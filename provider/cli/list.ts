import type { Command } from 'commander';
import type { Entry } from '../backends/backend';
import { changeOf, hiddenChangeOf } from './change';
import { describeSources, describeTarget, describeTraffic, nameOf, ownerOf } from './describe';
import { EXIT } from './exit';
import { addGatewayOptions, type Flags, openGateway } from './gateway-options';
import { columns, paint, type Terminal } from './terminal';
import { thinkOfLab } from './think-of-lab';

/** `portforward list`: what the gateway forwards, ours and foreign. */
export function addList(program: Command, terminal: Terminal, done: (status: number) => void): void {
  addGatewayOptions(
    program
      .command('list')
      .summary('what the gateway forwards: our rules and everybody else’s')
      .description('Shows the whole table of a gateway in one look, ours and foreign. Changes nothing.')
      .option('--owner <owner>', 'only rules of this owner, such as my-project/prod')
      .option('--json', 'print JSON'),
  )
    .addHelpText('after', '\nExit status: 0 shown, 2 wrong usage, 3 the gateway could not be asked.')
    .action(async (flags: Flags) => done(await list(flags, terminal)));
}

async function list(flags: Flags, terminal: Terminal): Promise<number> {
  const { endpoint, session } = openGateway(flags, terminal.env);
  try {
    const { product } = await session.info();
    const all = await session.list();
    const owner = flags.owner as string | undefined;
    const entries = owner === undefined ? all : all.filter((entry) => ownerOf(entry)?.owner === owner);
    if (flags.json) {
      terminal.out(JSON.stringify({ gateway: { endpoint, product }, entries: entries.map(toJson) }, null, 2));
    } else {
      terminal.out(tableOf(entries, endpoint, owner, terminal));
    }
    return EXIT.ok;
  } catch (error) {
    throw thinkOfLab(error);
  } finally {
    await session.close();
  }
}

function tableOf(
  entries: readonly Entry[],
  endpoint: string,
  owner: string | undefined,
  terminal: Terminal,
): string {
  if (entries.length === 0) {
    return owner === undefined
      ? `${endpoint} forwards nothing.`
      : `${endpoint} forwards nothing of ${owner}. Without --owner you see every entry.`;
  }
  const ours = entries.filter((entry) => entry.tag !== null);
  const foreign = entries.filter((entry) => entry.tag === null);
  const rows = [...ours, ...foreign].map((entry) => [
    nameOf(entry),
    describeTraffic(entry.forward),
    describeTarget(entry.forward),
    describeSources(entry.forward),
    stateOf(entry),
  ]);
  const table = columns(['RULE', 'TRAFFIC', 'TO', 'SOURCES', 'STATE'], rows);
  const hints = [...new Set(entries.flatMap(({ blocked }) => (blocked ? [blocked.hint] : [])))];
  const count = `${ours.length} of ours, ${foreign.length} foreign`;
  return [table, '', paint(terminal, 'dim', count), ...hints.map((hint) => `blocked: ${hint}`)].join('\n');
}

function stateOf(entry: Entry): string {
  const states = [
    ...(entry.forward.enabled ? [] : ['off']),
    ...(entry.blocked && entry.forward.enabled ? ['blocked'] : []),
    ...(changeOf(entry) === null ? [] : [changedState(entry)]),
  ];
  if (states.length > 0) return states.join(', ');
  if (entry.tag !== null) return 'open';
  return entry.restriction ? `only ${entry.restriction}` : entry.label;
}

/** What it takes and where it goes stands in the row already. */
function changedState(entry: Entry): string {
  const hidden = hiddenChangeOf(entry);
  return hidden === null ? 'changed' : `changed: ${hidden}`;
}

/** Scripts read this: fields are added, never renamed. */
function toJson(entry: Entry): object {
  const own = ownerOf(entry);
  return {
    ours: entry.tag !== null,
    owner: own?.owner ?? null,
    name: own?.name ?? null,
    handle: entry.handle,
    tag: entry.tag,
    forward: entry.forward,
    changed: changeOf(entry) !== null,
    restriction: entry.restriction,
    permanent: entry.permanent,
    blocked: entry.blocked,
    label: entry.label,
  };
}
