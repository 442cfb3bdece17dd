import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { sbinPath } from './guard';

/** Which of these commands this machine lacks, and how to install them, in one sentence; null = none. By Debian's packages. */
export function missingTools(who: string, packages: Readonly<Record<string, string>>): string | null {
  const missing = Object.keys(packages).filter((command) => !onPath(command));
  if (missing.length === 0) return null;
  const names = [...new Set(missing.map((command) => packages[command]))].join(' ');
  return `${who} needs ${missing.join(', ')}: run \`apt-get install --no-install-recommends ${names}\`.`;
}

function onPath(command: string): boolean {
  return sbinPath(process.env.PATH)
    .split(delimiter)
    .some((dir) => existsSync(join(dir, command)));
}
