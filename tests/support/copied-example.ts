import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { packageRoot } from '../../lab/namespaces/compiled';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly bin?: string | Readonly<Record<string, string>>;
}

/** Copies one of the projects in examples/ out, and installs what its package.json names, as npm would. */
export function copyExample(name: string, directory: string): void {
  cpSync(join(packageRoot(), 'examples', name), directory, {
    recursive: true,
    filter: (source) => !source.includes('node_modules'),
  });
  if (!existsSync(join(directory, 'package.json'))) return;
  const { dependencies, devDependencies } = manifest(directory);
  for (const name of Object.keys({ ...dependencies, ...devDependencies }))
    if (name === 'portforward') installPackage(directory);
    else install(name, directory);
}

/** Unpacks what `npm pack` makes into `node_modules`, and puts beside it what it depends on. */
export function installPackage(directory: string): void {
  const place = join(directory, 'node_modules', 'portforward');
  mkdirSync(place, { recursive: true });
  execFileSync('tar', ['-xzf', packed(), '-C', place, '--strip-components=1']);
  for (const name of Object.keys(manifest(place).dependencies ?? {})) install(name, directory);
}

let tarball: string | null = null;
afterAll(() => {
  if (tarball !== null) rmSync(dirname(tarball), { recursive: true, force: true });
  tarball = null;
});

/** Packed once for a file of tests. */
function packed(): string {
  if (tarball !== null) return tarball;
  const directory = mkdtempSync(join(tmpdir(), 'portforward-packed-'));
  const report = execFileSync('npm', ['pack', '--json', '--pack-destination', directory], {
    cwd: packageRoot(),
  });
  const [{ filename }] = JSON.parse(report.toString()) as [{ filename: string }];
  tarball = join(directory, filename);
  return tarball;
}

/** Links a package of the clone. What the clone has not got is left out: the drift example names a whole Pulumi CLI. */
function install(name: string, directory: string): void {
  const target = join(packageRoot(), 'node_modules', name);
  if (!existsSync(target)) return;
  link(target, join(directory, 'node_modules', name));
  const { bin = {} } = manifest(target);
  const commands = typeof bin === 'string' ? { [basename(name)]: bin } : bin;
  for (const [command, file] of Object.entries(commands))
    link(join(target, file), join(directory, 'node_modules', '.bin', command));
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) symlinkSync(target, path);
}

function manifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
}
