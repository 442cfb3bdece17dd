import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBundle } from '../../../provider/cli/terraform-mirror';
import { packageRoot } from '../support/package';

/** The bundle copied out, with no node_modules above it. */
let place: string;
let executable: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'portforward-bundle-'));
  cpSync(findBundle().directory, place, { recursive: true });
  executable = join(place, 'terraform-provider-portforward');
});
afterEach(() => rmSync(place, { recursive: true }));

const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));

test('it starts from its own file alone, and says what it is', () => {
  const run = (...args: string[]) => execFileSync(executable, args, { cwd: place, encoding: 'utf8' });
  expect(run('--version')).toBe(`${manifest.version}\n`);
  expect(run('--help')).toContain('portforward terraform install');
});

test('an engine gets its handshake; asked to end, the process ends well', async () => {
  const engine = {
    TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
    PLUGIN_PROTOCOL_VERSIONS: '5,6',
    TF_DISABLE_PLUGIN_TLS: '1',
  };
  const child = spawn(executable, [], {
    cwd: place,
    env: { PATH: process.env.PATH, TMPDIR: place, ...engine },
  });
  const [line] = await once(child.stdout, 'data');
  expect(String(line)).toMatch(new RegExp(`^1\\|6\\|unix\\|${place}/pf-\\w+/s\\|grpc\\|\\n$`));
  child.kill('SIGTERM');
  expect((await once(child, 'close'))[0]).toBe(0);
});

test('a Node that is too old is told to an engine in one line where it waits for the handshake', () => {
  const older = join(place, 'older.js');
  writeFileSync(
    older,
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } });",
  );
  const run = (version: string) => {
    writeFileSync(older, readFileSync(older, 'utf8').replace(/node: '[^']*'/, `node: '${version}'`));
    return execFileSync(process.execPath, ['--require', older, executable, '--version'], {
      encoding: 'utf8',
    });
  };
  for (const version of ['18.20.4', '20.18.3']) {
    expect(() => run(version)).toThrow(
      expect.objectContaining({ status: 1, stdout: expect.stringContaining(version) }),
    );
  }
  for (const version of ['20.19.0', '22.0.0']) expect(run(version)).toBe(`${manifest.version}\n`);
});

test('without Node on PATH the same line says so, from a path with a blank too', () => {
  const blank = join(place, 'a directory');
  cpSync(findBundle().directory, blank, { recursive: true });
  const moved = join(blank, 'terraform-provider-portforward');
  expect(() => execFileSync(moved, ['--version'], { env: { PATH: place }, encoding: 'utf8' })).toThrow(
    expect.objectContaining({
      status: 1,
      stdout: expect.stringMatching(/^portforward needs Node \S+ or newer in PATH, and finds none\.\n$/),
    }),
  );
  expect(execFileSync(moved, ['--version'], { encoding: 'utf8' })).toBe(`${manifest.version}\n`);
});

test('it says under which licences the code of others is in it', () => {
  const text = readFileSync(join(place, 'LICENSES.txt'), 'utf8');
  for (const name of [
    'portforward (Apache-2.0)',
    '@grpc/grpc-js 1',
    '@msgpack/msgpack 3',
    'undici 7',
    readFileSync(join(packageRoot, 'NOTICE'), 'utf8').trim(),
  ]) {
    expect(text).toContain(name);
  }
  expect(text).not.toContain('undefined');
});

test('npm packs it, executable', () => {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: packageRoot,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const files: { path: string; mode: number }[] = JSON.parse(packed)[0].files;
  const found = files.filter(({ path }) => path.startsWith('dist/terraform/'));
  expect(found.map(({ path }) => path).sort()).toEqual([
    'dist/terraform/LICENSES.txt',
    'dist/terraform/package.json',
    'dist/terraform/terraform-provider-portforward',
  ]);
  expect(found.find(({ path }) => path.endsWith('portforward'))?.mode).toBe(0o755);
});
