import { parseArgs } from 'node:util';
import { PortforwardError } from '../../provider/rule/error';
import { type EngineName, engineNames } from './find-engine';

export interface TourOptions {
  readonly json: boolean;
  /** Whether missing software may be fetched. */
  readonly install: boolean;
  /** Null = the first that can be had. */
  readonly engine: EngineName | null;
  /** Plays on the table in memory although the machine could do better. */
  readonly simulated: boolean;
  readonly help: boolean;
}

export const help = `npm start -- [--json] [--no-install] [--engine <name>] [--simulated]

Plays the main job on a practice network of this machine: a forward is previewed, applied, used by real connections,
changed behind its back, seen as drift, repaired and removed. Nothing of it is visible outside or left afterwards.

  --json         print one JSON document at the end instead
  --no-install   install nothing: say what is missing
  --engine       which engine applies it: ${engineNames.join(', ')} (default: the first of them that can be had)
  --simulated    a table in memory instead of network namespaces

Exit status: 0 every proof holds, 1 one does not, 2 wrong usage, 3 no engine.`;

/** Throws PortforwardError `invalid` with the meant spelling. */
export function readOptions(argv: readonly string[]): TourOptions {
  const { values } = parse(argv);
  const engine = values.engine ?? null;
  if (engine !== null && !isEngine(engine)) {
    throw new PortforwardError('invalid', `There is no engine "${engine}".`, {
      hint: `There is ${engineNames.join(', ')}.`,
    });
  }
  return {
    json: values.json ?? false,
    install: !values['no-install'],
    engine,
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

function isEngine(text: string): text is EngineName {
  return (engineNames as readonly string[]).includes(text);
}
