import { Console } from 'node:console';
import { format } from 'node:util';

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** Characters of one message. Engines take a line of more than 64 kB for broken and lose its level. */
const LONGEST = 8_192;

/** One line for the engine's log, which it shows by the user's TF_LOG. Fields are told beside the message. */
export function log(level: Level, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  const line = {
    '@level': level,
    '@message': message.slice(0, LONGEST),
    // Six digits of a second: the engines' logger refuses a line with any other number of them.
    '@timestamp': new Date().toISOString().replace('Z', '000Z'),
    ...fields,
  };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

/** From here on stdout belongs to the engine: what any code prints becomes a line of the log. */
export function consoleToLog(): void {
  // The engine may be gone before our last line; that is no error of ours.
  process.stderr.on('error', () => undefined);
  const quiet = new Console(process.stderr);
  const levels = {
    debug: 'debug',
    trace: 'debug',
    log: 'info',
    info: 'info',
    warn: 'warn',
    error: 'error',
  } as const;
  for (const [name, level] of Object.entries(levels) as [keyof typeof levels, Level][])
    quiet[name] = (...values: unknown[]) => log(level, format(...values));
  globalThis.console = quiet;
}
