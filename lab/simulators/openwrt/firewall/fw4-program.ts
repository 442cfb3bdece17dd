import type { Output } from '../rpcd/file-object';

export interface Checked {
  readonly warnings: readonly string[];
  /** Nft's words; null = it takes the ruleset. */
  readonly fault: string | null;
}

/** /sbin/fw4, of which `check` and `reload` are here. */
export function fw4(check: () => Checked, reload: () => Output) {
  return (args: readonly string[]): Output => {
    const quiet = args[0] === '-q';
    const [command] = quiet ? args.slice(1) : args;
    if (command === 'reload') return reload();
    if (command !== 'check')
      return { code: 0, stdout: 'Usage:\n\n  /sbin/fw4 [-v] [-q] start|stop|flush|restart|reload\n' };
    const output = told(check());
    return quiet ? { code: output.code } : output;
  };
}

/** Warnings about sections that were left out do not fail it: only nft does, and then the whole ruleset fails. */
function told({ warnings, fault }: Checked): Output {
  const said = warnings.map((line) => `${line}\n`).join('');
  if (fault === null) return { code: 0, stdout: 'Ruleset passes nftables check.\n', stderr: said };
  return { code: 1, stderr: `${said}${nftError(fault)}` };
}

/** As nft reports a file that it reads from a pipe. Where in the file is beyond this simulator. */
export const nftError = (fault: string): string => `/dev/stdin:1:1-1: Error: ${fault}\n`;
