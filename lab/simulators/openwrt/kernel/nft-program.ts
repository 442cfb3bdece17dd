import type { Output } from '../rpcd/file-object';
import type { NftTable } from './nft-table';
import { type PrintOptions, printChain, printTable } from './print-table';

/**
 * /usr/sbin/nft, as far as it lists. Its words are joined to one text, in which a semicolon begins another command: what
 * comes behind one is only reported, to whoever wants to know that a right was too wide.
 */
export function nft(table: () => NftTable, injected: (command: string) => void) {
  return (args: readonly string[]): Output => {
    const flags = args.filter((_, index) => args.slice(0, index + 1).every((word) => word.startsWith('-')));
    const unknown = flags.find((flag) => !/^-[sat]+$/.test(flag) && !LONG.includes(flag));
    if (unknown) return { code: 1, stderr: `nft: unrecognized option '${unknown}'\n` };
    const has = (letter: string, long: string): boolean =>
      flags.some((flag) => flag === long || (/^-[sat]+$/.test(flag) && flag.includes(letter)));
    const options = { stateless: has('s', '--stateless'), handles: has('a', '--handle') };
    const [command = '', ...more] = args.slice(flags.length).join(' ').split(';');
    for (const other of more) injected(other.trim());
    return list(table(), command, options);
  };
}

const LONG = ['--stateless', '--handle', '--terse'];

function list(table: NftTable, command: string, options: PrintOptions): Output {
  const [verb, what, family, name, chainName, ...rest] = command.split(/\s+/).filter((word) => word !== '');
  if (verb !== 'list' || rest.length > 0) return syntaxError(command);
  if (what === 'ruleset' && family === undefined) return { code: 0, stdout: printTable(table, options) };
  if (family !== 'inet' || name !== 'fw4') return missing(command, name ?? '');
  if (what === 'table' && chainName === undefined) return { code: 0, stdout: printTable(table, options) };
  if (what !== 'chain' || chainName === undefined) return syntaxError(command);
  const chain = table.find(chainName);
  return chain ? { code: 0, stdout: printChain(chain, options) } : missing(command, chainName);
}

function missing(command: string, name: string): Output {
  const marks = ' '.repeat(Math.max(0, command.lastIndexOf(name))) + '^'.repeat(name.length);
  return { code: 1, stderr: `Error: No such file or directory\n${command}\n${marks}\n` };
}

function syntaxError(command: string): Output {
  return { code: 1, stderr: `Error: syntax error, unexpected string\n${command}\n` };
}
