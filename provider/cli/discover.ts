import type { Command } from 'commander';
import type { Discovery, FoundGateway } from '../backends/discovery';
import type { BackendKind } from '../backends/kind';
import { kinds as everyKind } from '../backends/registry';
import { PortforwardError } from '../rule/error';
import { EXIT } from './exit';
import { columns, harmless, paint, type Terminal } from './terminal';

/** Seconds for everything: a search takes two, and each gateway is then asked a few questions. */
const DEFAULT_TIMEOUT = 20;

interface Flags {
  readonly json?: boolean;
  readonly interface?: readonly string[];
  readonly timeout: number;
}

/** `portforward discover`: which gateways of this network can be found, and what each can do. */
export function addDiscover(
  program: Command,
  terminal: Terminal,
  done: (status: number) => void,
  kinds: readonly Pick<BackendKind, 'discover'>[] = everyKind,
): void {
  program
    .command('discover')
    .summary('find the gateways of this network that can be found')
    .description(
      'Searches the networks of this machine for gateways that announce themselves (UPnP), and shows what each can do, with the ' +
        'lines of configuration that name it. Changes nothing.',
    )
    .option(
      '--interface <name>',
      'search only on this interface, by its name or own address; may be repeated',
      (text: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), text],
    )
    .option('--timeout <seconds>', 'how long it may take', seconds, DEFAULT_TIMEOUT)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit status: 0 found, 2 wrong usage, 3 nothing was found.')
    .action(async (flags: Flags) => done(await discover(flags, terminal, kinds)));
}

async function discover(
  flags: Flags,
  terminal: Terminal,
  kinds: readonly Pick<BackendKind, 'discover'>[],
): Promise<number> {
  const signal = AbortSignal.timeout(flags.timeout * 1000);
  const found: Discovery[] = [];
  for (const kind of kinds) {
    const one = await kind.discover?.(flags.interface ?? null, signal);
    if (one) found.push(one);
  }
  const gateways = found.flatMap((one) => one.gateways);
  const asked = [...new Set(found.flatMap((one) => one.asked))];
  const complaints = found.flatMap((one) => one.complaints);
  if (flags.json) terminal.out(JSON.stringify({ gateways, asked, complaints }, null, 2));
  else if (gateways.length > 0) terminal.out(tableOf(gateways, terminal));
  else terminal.err(nothing(asked));
  if (!flags.json) for (const complaint of complaints) terminal.err(harmless(complaint));
  return gateways.length > 0 ? EXIT.ok : EXIT.unavailable;
}

function tableOf(gateways: readonly FoundGateway[], terminal: Terminal): string {
  const rows = gateways.map((one) => [
    one.product,
    one.publicAddress ?? `none: ${one.unreachable}`,
    one.lease,
    one.pinholes ? 'yes' : 'no',
    one.sources ? 'one address' : 'no',
    one.ownAddress ?? '?',
    one.url,
  ]);
  const table = columns(
    ['GATEWAY', 'PUBLIC ADDRESS', 'LEASES', 'IPV6 PINHOLES', 'SOURCES', 'SEES YOU AS', 'URL'],
    rows,
  );
  const lines = gateways.map(({ kind, arguments: own }) => {
    const values = Object.entries({ kind, ...own }).map(([name, value]) => `${name}: "${value}"`);
    return `  ${harmless(values.join(', '))}`;
  });
  const title = lines.length > 1 ? 'Their configurations:' : 'Its configuration:';
  return [table, '', paint(terminal, 'bold', title), ...lines].join('\n');
}

function nothing(asked: readonly string[]): string {
  const where = asked.length > 0 ? `Asked: ${asked.join(', ')}.` : 'There was no interface to ask on.';
  return harmless(
    `No gateway answered. ${where} Switch UPnP on in the router. A container, which multicast does not leave, needs the network ` +
      'of the host, or the `url` of the gateway in its configuration; other kinds of gateways announce nothing.',
  );
}

function seconds(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new PortforwardError('invalid', `--timeout is "${text}".`, { hint: 'It takes a number above 0.' });
}
