import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..', '..', '..');

/** Where the compiled package is; another build of it can be named for trials. */
export const packageRoot = process.env.PORTFORWARD_PACKAGE ?? root;

const compiled = join(packageRoot, 'dist', 'sdk', 'dynamic.js');
if (!existsSync(compiled)) throw new Error(`${compiled} is missing: run "npm run build" first.`);

/** A directory of a user's program. */
export class UserDirectory {
  readonly path = mkdtempSync(join(tmpdir(), 'portforward-program-'));

  read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8');
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.path, file)), { recursive: true });
    writeFileSync(join(this.path, file), text);
  }

  /** Links `target` as a dependency, below `from` (default: the program itself). */
  install(name: string, target: string, from = '.'): void {
    const link = join(this.path, from, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link, 'dir');
  }

  uninstall(name: string): void {
    rmSync(join(this.path, 'node_modules', name), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** One in which the compiled package is installed as npm would link it. */
export class ProgramDirectory extends UserDirectory {
  constructor(packageJson: object = {}) {
    super();
    this.write('package.json', JSON.stringify({ name: 'program', private: true, ...packageJson }));
    this.install('portforward', packageRoot);
    this.install('@pulumi/pulumi', join(root, 'node_modules', '@pulumi', 'pulumi'));
  }
}

export const repositoryRoot = root;
