import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PortforwardError } from '../../provider/rule/error';

/** The directory of this user's standing lab: `$XDG_RUNTIME_DIR/portforward-lab`, else one in /tmp. */
export function keeperDirectory(env: NodeJS.ProcessEnv = process.env): string {
  if (env.PORTFORWARD_LAB_DIRECTORY) return env.PORTFORWARD_LAB_DIRECTORY;
  return env.XDG_RUNTIME_DIR
    ? join(env.XDG_RUNTIME_DIR, 'portforward-lab')
    : `/tmp/portforward-lab-of-${process.getuid?.() ?? 0}`;
}

/** The socket by which `shell`, `status` and `down` find the standing lab. */
export function controlSocket(directory: string): string {
  return join(directory, 'control.sock');
}

/** Makes the directory, ours alone. Throws `denied` when somebody else made it first. */
export function prepareDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(directory);
  if (uid === process.getuid?.() && (mode & 0o077) === 0) return;
  throw new PortforwardError('denied', `${directory} is not yours alone.`, {
    hint: 'Remove it, or name another directory in PORTFORWARD_LAB_DIRECTORY.',
  });
}
