import type { UciPackage, UciSection, UciValue } from './package';

/** A configuration as libuci writes its file: comments and odd spacing of a file written by hand are lost. */
export function printUci(uci: UciPackage): string {
  return `${uci.sections.map((section) => `\n${printSection(section)}`).join('')}\n`;
}

/** One section, without the empty line before it. */
export function printSection({ name, type, anonymous, options }: UciSection): string {
  const head = anonymous ? `config ${type}\n` : `config ${type} ${quote(name)}\n`;
  return head + [...options].map(([option, value]) => printOption(option, value)).join('');
}

function printOption(name: string, value: UciValue): string {
  if (typeof value === 'string') return `\toption ${name} ${quote(value)}\n`;
  return value.map((element) => `\tlist ${name} ${quote(element)}\n`).join('');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
