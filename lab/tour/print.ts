import { paint, type Terminal } from '../../provider/cli/terminal';
import type { Happening, StepReport } from './step';

/** The first line of a step. */
export function printTitle(
  number: number,
  { title, mode }: Pick<StepReport, 'title' | 'mode'>,
  terminal: Terminal,
): string {
  const head = `${number}. ${title}`;
  return `\n${paint(terminal, 'bold', head)}${' '.repeat(Math.max(2, 92 - head.length))}${paint(terminal, 'dim', mode)}`;
}

/** A command with what it printed, what was proved, or what is not shown. */
export function printHappening(happening: Happening, terminal: Terminal): string {
  if (happening.kind === 'command') {
    const lines = tidy(happening.output).map((line) => `     ${line}`);
    const command = happening.command.replace(/\n/g, '\n     ');
    return [`   ${paint(terminal, 'cyan', `$ ${command}`)}`, ...lines].join('\n');
  }
  if (happening.kind === 'left-out') return `   ${paint(terminal, 'yellow', '--')}  ${happening.why}`;
  const { claim, holds, detail } = happening;
  const mark = holds ? paint(terminal, 'green', 'ok') : paint(terminal, 'red', 'NO');
  return `   ${mark}  ${claim}${detail ? paint(terminal, 'dim', `  (${detail})`) : ''}`;
}

/** Lines of an engine that say nothing to a reader: ids, progress dots, advice for later. `--json` has them all. */
const noise = [
  /^\s*$/,
  /^\s*\[(urn|provider|id)=/,
  /^@ (previewing|updating|destroying|refreshing)/,
  /^(The resources in the stack have been deleted|If you want to remove the stack)/,
  /^\s*Duration:/,
  /^(Terraform|OpenTofu) (used the selected providers|will perform the following actions)/,
  /^plan\. Resource actions are indicated with/,
  /^ {2}[-+~] (create|update in-place|destroy)( \(current -> planned\))?$/,
  /: (Refreshing state|Creating|Modifying|Destroying)\.\.\./,
];

function tidy(output: string): string[] {
  return output
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => !noise.some((pattern) => pattern.test(line)));
}
