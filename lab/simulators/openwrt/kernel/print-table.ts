import type { LoadedChain, LoadedRule, NftTable } from './nft-table';

export interface PrintOptions {
  /** Without the numbers of counters (`-s`). */
  readonly stateless: boolean;
  /** With handles behind everything (`-a`). */
  readonly handles: boolean;
}

/** What `nft list table inet fw4` writes. */
export function printTable({ chains }: NftTable, options: PrintOptions): string {
  const handle = options.handles ? ' # handle 1' : '';
  return `table inet fw4 {${handle}\n${chains.map((chain) => printed(chain, options)).join('\n')}}\n`;
}

/** What `nft list chain inet fw4 <name>` writes: the table around it has no handle there. */
export function printChain(chain: LoadedChain, options: PrintOptions): string {
  return `table inet fw4 {\n${printed(chain, options)}}\n`;
}

function printed({ name, handle, hook, rules }: LoadedChain, options: PrintOptions): string {
  const head = `\tchain ${name} {${options.handles ? ` # handle ${handle}` : ''}\n`;
  const lines = [...(hook === null ? [] : [hook]), ...rules.map((rule) => printRule(rule, options))];
  return `${head}${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`;
}

export function printRule(rule: LoadedRule, { stateless, handles }: PrintOptions): string {
  const counter = stateless ? 'counter' : `counter packets ${rule.packets} bytes ${rule.bytes}`;
  const pieces = [
    ...rule.match,
    ...(rule.counter ? [counter] : []),
    ...rule.action,
    ...(rule.comment === null ? [] : [`comment "${rule.comment}"`]),
    ...(handles ? [`# handle ${rule.handle}`] : []),
  ];
  return pieces.filter((piece) => piece !== '').join(' ');
}
