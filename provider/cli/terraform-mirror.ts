import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { packageRoot } from '../../lab/namespaces/compiled';
import { PortforwardError } from '../rule/error';
import { quote } from '../rule/quote';
import { SOURCE } from '../terraform/source';
import { HOSTS } from '../terraform/wire/hosts';

/** As engines name systems and processors, which is as Go does. */
const SYSTEMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', freebsd: 'freebsd' };
const PROCESSORS: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'arm',
  ia32: '386',
};

/** The provider as the build made it, ready to be copied. */
export interface Bundle {
  readonly version: string;
  readonly directory: string;
}

/** A mirror on this machine's disk, and what was done to it. */
export interface Mirror {
  readonly directory: string;
  readonly version: string;
  /** `linux_amd64`. */
  readonly platform: string;
  /** One directory for each engine's own registry. */
  readonly packages: readonly string[];
  /** `kept`: what is there is this very build. `replaced`: another build of this version was there. */
  readonly outcome: 'written' | 'kept' | 'replaced';
}

const EXECUTABLE = `terraform-provider-${SOURCE.split('/')[1]}`;

/** Throws `internal` where the package was not built. */
export function findBundle(root = packageRoot()): Bundle {
  const directory = join(root, 'dist', 'terraform');
  if (!existsSync(join(directory, EXECUTABLE)))
    throw new PortforwardError('internal', `${join(directory, EXECUTABLE)} does not exist.`, {
      hint: 'Run `npm run build` first.',
    });
  const { version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return { version, directory };
}

/**
 * Where both engines look without being told: the data directory of applications named Terraform, which OpenTofu kept
 * (XDG on Unix, Application Support on macOS).
 */
export function implicitMirror(
  env: Readonly<Record<string, string | undefined>>,
  system: string = process.platform,
): string {
  const home = env.HOME || homedir();
  if (system === 'darwin') return join(home, 'Library', 'Application Support', 'io.terraform', 'plugins');
  const data = env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : join(home, '.local', 'share');
  return join(data, 'terraform', 'plugins');
}

/**
 * Writes the provider into a filesystem mirror, unpacked, under the default host of each engine. What is there already
 * stays, other versions too. A running engine never sees half of it. Throws `invalid`, `unsupported`
 * and `refused`.
 */
export function writeMirror(place: string, bundle: Bundle = findBundle(), platform = platformName()): Mirror {
  if (place === '') throw new PortforwardError('invalid', 'The directory of the mirror has no name.');
  const directory = resolve(place);
  const { version } = bundle;
  const packages = HOSTS.map((host) => join(directory, host, ...SOURCE.split('/'), version, platform));
  const files = new Map(
    readdirSync(bundle.directory).map((file) => [
      file === EXECUTABLE ? `${EXECUTABLE}_v${version}` : file,
      readFileSync(join(bundle.directory, file)),
    ]),
  );
  try {
    const before = packages.map((path) => stateOf(path, files));
    for (const [index, path] of packages.entries())
      if (before[index] !== 'kept') replace(path, files, join(directory, `.portforward-${process.pid}`));
    const outcome = before.find((it) => it === 'replaced') ?? before.find((it) => it === 'written') ?? 'kept';
    return { directory, version, platform, packages, outcome };
  } catch (error) {
    throw new PortforwardError(
      'refused',
      `The mirror ${quote(directory)} cannot be written: ${(error as Error).message}.`,
      { hint: 'Name a directory that you may write with --dir.', cause: error },
    );
  }
}

/** `linux_amd64`. Throws `unsupported` where the provider does not run. */
export function platformName(system: string = process.platform, processor: string = process.arch): string {
  const names = [SYSTEMS[system], PROCESSORS[processor]];
  if (names.every((name) => name !== undefined)) return names.join('_');
  throw new PortforwardError('unsupported', `The provider does not run on ${system} (${processor}) itself.`, {
    ...(system === 'win32' ? { hint: 'Run the engine and this command in WSL.' } : {}),
  });
}

function stateOf(path: string, files: ReadonlyMap<string, Buffer>): Mirror['outcome'] {
  if (!existsSync(path)) return 'written';
  const same =
    readdirSync(path).length === files.size &&
    [...files].every(([file, content]) => {
      const there = join(path, file);
      return existsSync(there) && readFileSync(there).equals(content);
    });
  return same ? 'kept' : 'replaced';
}

/** Elsewhere first, where no engine looks, so that it is there whole or not at all. */
function replace(path: string, files: ReadonlyMap<string, Buffer>, workshop: string): void {
  makeDirectory(workshop);
  try {
    for (const [file, content] of files)
      writeFileSync(join(workshop, file), content, { mode: file.startsWith(EXECUTABLE) ? 0o755 : 0o644 });
    makeDirectory(dirname(path));
    rmSync(path, { recursive: true, force: true });
    renameSync(workshop, path);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/** `recursive` of Node 20 never returns where the system refuses new names, as /proc does (measured). */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path);
}
