import { existsSync } from 'node:fs';
import { basename } from 'node:path';

/** Variables by which a shell would read another prompt, or run what prints one. */
const MISLEADING = { PROMPT_COMMAND: undefined, ENV: undefined } as const;

/**
 * The command and environment of a person's shell on one host of the lab. Its prompt must never look like this
 * machine's: whoever mistakes the window flushes the wrong ruleset. So start-up files that set a prompt are left out.
 * `shell` = the person's own; one that takes no prompt from outside gives way to bash, and where that is missing to sh.
 */
export function shellOn(
  host: string,
  shell = '',
): { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string | undefined>> } {
  const prompt = `${host}.lab$ `;
  // Set at the very end, by env(1): a non-interactive bash on the way there would drop it.
  const start = (...argv: string[]) => ({ argv: ['env', `PS1=${prompt}`, ...argv], env: MISLEADING });
  switch (basename(shell)) {
    case 'bash':
      return start(shell, '--norc', '--noprofile');
    case 'zsh':
      return start(shell, '-f');
    case 'fish':
      return start(shell, '--init-command', `function fish_prompt; echo -n '${prompt}'; end`);
    default: {
      // Rather than dash, which cannot give the terminal back to a process outside its own process namespace.
      const bash = ['/bin/bash', '/usr/bin/bash'].find((path) => existsSync(path));
      return bash === undefined ? start('/bin/sh') : start(bash, '--norc', '--noprofile');
    }
  }
}

/** What a person reads before the first prompt. */
export function welcome(host: string): string {
  return (
    `You are on ${host}, a machine of the lab: every command here sees and changes the lab's network alone, ` +
    "though the files are this machine's; `exit` leaves."
  );
}
