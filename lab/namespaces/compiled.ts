import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PortforwardError } from '../../provider/rule/error';

/** The root directory of this package, from wherever this file runs: compiled, or from source in tests. */
export function packageRoot(): string {
  for (let dir = __dirname; dir !== dirname(dir); dir = dirname(dir)) {
    const manifest = join(dir, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'portforward') return dir;
  }
  throw new PortforwardError('internal', 'The package portforward was not found around its own files.');
}

/** A compiled file that plain Node can run as a process of its own. Throws `internal` before the build. */
export function compiled(path: string): string {
  const file = join(packageRoot(), 'dist', path);
  if (existsSync(file)) return file;
  throw new PortforwardError('internal', `${file} does not exist.`, { hint: 'Run `npm run build` first.' });
}
