/** Where a command writes, and how: the process's own streams, or a test's. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether colours are welcome. */
  readonly colour: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The process's streams. Colours only on a terminal, and never with NO_COLOR set (no-color.org). */
export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    colour: Boolean(process.stdout.isTTY) && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
    env: process.env,
  };
}

/** SGR codes (ECMA-48 8.3.117). */
const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Style = keyof typeof codes;

/** The text in a style, or plain where colours are not welcome. */
export function paint(terminal: Pick<Terminal, 'colour'>, style: Style, text: string): string {
  return terminal.colour ? `\u001b[${codes[style]}m${text}\u001b[0m` : text;
}

/** Text from a device with everything taken out that could steer a terminal. */
export function harmless(text: string): string {
  return text.replace(/\p{Cc}|\p{Cf}/gu, ' ');
}

/** Rows under their titles, columns aligned by spaces. */
export function columns(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const clean = [titles, ...rows].map((row) => row.map(harmless));
  const widths = titles.map((_, index) => Math.max(...clean.map((row) => row[index]?.length ?? 0)));
  return clean
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
