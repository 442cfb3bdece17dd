import { styleText } from 'node:util';
import { PortforwardError } from '../../provider/rule/error';

type Colour = 'red' | 'green' | 'yellow' | 'bold' | 'dim';

/** Colours where a person looks on; NO_COLOR (no-color.org) and a dumb terminal are obeyed. */
export function paint(stream: NodeJS.WriteStream, colour: Colour, text: string): string {
  const { NO_COLOR, TERM } = process.env;
  return stream.isTTY && !NO_COLOR && TERM !== 'dumb'
    ? styleText(colour, text, { validateStream: false })
    : text;
}

export function printLine(text = ''): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** The error as one sentence and its next step on standard error. */
export function printError(error: unknown): void {
  const { stderr } = process;
  const known = error instanceof PortforwardError;
  const summary = error instanceof Error ? (known ? error.summary : error.message) : String(error);
  stderr.write(`${paint(stderr, 'red', 'portforward-agent:')} ${summary}\n`);
  if (known && error.hint) stderr.write(`  ${error.hint}\n`);
}

/** One problem: what is wrong, and below it the next step. */
export function problemLines(problem: {
  readonly fatal: boolean;
  readonly message: string;
  readonly hint: string;
}): string {
  const mark = problem.fatal
    ? paint(process.stdout, 'red', 'problem:')
    : paint(process.stdout, 'yellow', 'note:');
  return `${mark} ${problem.message}\n  ${problem.hint.split('\n').join('\n  ')}`;
}
