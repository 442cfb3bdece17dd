import { parseArgs } from 'node:util';
import { PortforwardError } from '../../provider/rule/error';
import { type EngineName, engineNames } from './find-engine';
import { type GatewayName, gatewayLines, gatewayNames } from './gateways';

export interface TourOptions {
  readonly json: boolean;
  /** Whether missing software may be fetched. */
  readonly install: boolean;
  /** Null = the first that can be had. */
  readonly engine: EngineName | null;
  readonly gateway: GatewayName;
  /** Plays on a table in memory although the machine could do better. */
  readonly simulated: boolean;
  readonly help: boolean;
}

export const help = `npm start -- [--json] [--no-install] [--engine <name>] [--gateway <kind>] [--simulated]

Plays the main job on a practice network of this machine: a forward is previewed, applied, used by real connections,
changed behind its back, seen as drift, repaired and removed. Nothing of it is visible outside or left afterwards.

  --json         print one JSON document at the end instead
  --no-install   install nothing: say what is missing
  --engine       which engine applies it: ${engineNames.join(', ')} (default: the first of them that can be had)
  --gateway      which kind of gateway forwards (default: ${gatewayNames[0]}):
${gatewayLines.map((line) => `                   ${line}`).join('\n')}
  --simulated    a table in memory instead of network namespaces

Exit status: 0 every proof holds, 1 one does not, 2 wrong usage, 3 no engine, or no such gateway here.`;

/** Throws PortforwardError `invalid` with the meant spelling. */
export function readOptions(argv: readonly string[]): TourOptions {
  const { values } = parse(argv);
  return {
    json: values.json ?? false,
    install: !values['no-install'],
    engine: values.engine === undefined ? null : oneOf(engineNames, 'engine', values.engine),
    gateway: oneOf(gatewayNames, 'gateway', values.gateway ?? gatewayNames[0]),
    simulated: values.simulated ?? false,
    help: values.help ?? false,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        json: { type: 'boolean' },
        'no-install': { type: 'boolean' },
        engine: { type: 'string' },
        gateway: { type: 'string' },
        simulated: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new PortforwardError('invalid', `${(error as Error).message}`.split('. ')[0] ?? '', {
      hint: 'See `npm start -- --help`.',
    });
  }
}

function oneOf<T extends string>(names: readonly T[], what: string, text: string): T {
  const name = names.find((one) => one === text);
  if (name !== undefined) return name;
  throw new PortforwardError('invalid', `There is no ${what} "${text}".`, {
    hint: `There is ${names.join(', ')}.`,
  });
}
