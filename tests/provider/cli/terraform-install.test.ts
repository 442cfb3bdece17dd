import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Bundle,
  findBundle,
  implicitMirror,
  platformName,
  writeMirror,
} from '../../../provider/cli/terraform-mirror';
import { cli } from './practice';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'portforward-install-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const install = (argv: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
  cli(['terraform', 'install', ...argv], { HOME: home, PATH: process.env.PATH ?? '', ...env });

/** A bundle that says `text`. */
function bundle(text: string, version = '1.2.3'): Bundle {
  const directory = mkdtempSync(join(home, 'bundle-'));
  writeFileSync(join(directory, 'terraform-provider-portforward'), text);
  writeFileSync(join(directory, 'package.json'), '{"type":"commonjs"}');
  return { version, directory };
}

describe('the mirror', () => {
  test('holds the provider unpacked under both hosts, executable and by its version', () => {
    const mirror = writeMirror(join(home, 'mirror'), bundle('one'), 'linux_arm64');
    expect(mirror.outcome).toBe('written');
    expect(mirror.packages).toEqual(
      ['registry.terraform.io', 'registry.opentofu.org'].map((host) =>
        join(home, 'mirror', host, 'portforward', 'portforward', '1.2.3', 'linux_arm64'),
      ),
    );
    for (const path of mirror.packages) {
      const executable = join(path, 'terraform-provider-portforward_v1.2.3');
      expect(readFileSync(executable, 'utf8')).toBe('one');
      expect(statSync(executable).mode & 0o777).toBe(0o755);
      expect(readdirSync(path)).toContain('package.json');
    }
  });

  test('a second time nothing is written; another build of the version replaces it, other versions stay', () => {
    const place = join(home, 'mirror');
    const one = bundle('one');
    const [path = ''] = writeMirror(place, one).packages;
    const before = statSync(path).ino;
    expect(writeMirror(place, one).outcome).toBe('kept');
    expect(statSync(path).ino).toBe(before);
    writeMirror(place, bundle('older', '1.2.2'));
    writeFileSync(join(path, 'left by somebody'), '');
    expect(writeMirror(place, bundle('two')).outcome).toBe('replaced');
    expect(readdirSync(path).sort()).toEqual(['package.json', 'terraform-provider-portforward_v1.2.3']);
    expect(readFileSync(join(path, 'terraform-provider-portforward_v1.2.3'), 'utf8')).toBe('two');
    expect(readdirSync(join(path, '..', '..'))).toEqual(['1.2.2', '1.2.3']);
    expect(readdirSync(place).sort()).toEqual(['registry.opentofu.org', 'registry.terraform.io']);
  });

  test('lies where both engines look without being told', () => {
    expect(implicitMirror({ HOME: '/home/u' }, 'linux')).toBe('/home/u/.local/share/terraform/plugins');
    expect(implicitMirror({ HOME: '/home/u', XDG_DATA_HOME: '/data' }, 'linux')).toBe(
      '/data/terraform/plugins',
    );
    // The specification: a relative path is to be ignored.
    expect(implicitMirror({ HOME: '/home/u', XDG_DATA_HOME: 'data' }, 'linux')).toContain('/home/u/');
    expect(implicitMirror({ HOME: '/Users/u' }, 'darwin')).toBe(
      '/Users/u/Library/Application Support/io.terraform/plugins',
    );
  });

  test('systems are named as engines name them; where the provider does not run, that is said', () => {
    expect(platformName('linux', 'x64')).toBe('linux_amd64');
    expect(platformName('darwin', 'arm64')).toBe('darwin_arm64');
    expect(() => platformName('win32', 'x64')).toThrow(/win32.*WSL/);
    expect(() => platformName('linux', 's390x')).toThrow(/s390x/);
  });

  test('a package that was not built says so', () => {
    expect(() => findBundle(home)).toThrow(/npm run build/);
  });
});

describe('portforward terraform install', () => {
  test('writes where both engines look, and says that nothing is to be configured', async () => {
    const { status, out, err } = await install();
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain(join(home, '.local/share/terraform/plugins'));
    expect(out).toContain('no configuration is needed');
    expect(out).not.toContain('filesystem_mirror');
    expect(out).toContain('portforward = { source = "portforward/portforward", version = "');
    expect((await install()).out).toMatch(/^Already there:/);
  });

  test('elsewhere, it prints the lines that lead there, with the path as HCL writes it', async () => {
    const place = join(home, 'a "b" %{c}');
    const { out } = await install(['--dir', place]);
    expect(out).toContain(`path    = "${home}/a \\"b\\" %%{c}"`);
    expect(out).toContain('.terraformrc');
    expect(readdirSync(place)).toHaveLength(2);
  });

  test('a configuration that says itself where providers come from needs the lines, and is named', async () => {
    writeFileSync(join(home, '.tofurc'), 'provider_installation {\n  direct {}\n}\n');
    const { out } = await install();
    expect(out).toContain(join(home, '.tofurc'));
    expect(out).toContain('filesystem_mirror {');
    expect(out).toContain('exclude = ["portforward/portforward"]');
    const other = join(home, 'rc');
    writeFileSync(other, '# provider_installation is not set\n');
    expect((await install([], { TF_CLI_CONFIG_FILE: other })).out).toContain('no configuration is needed');
  });

  test('--json tells the same to a script', async () => {
    const { status, out } = await install(['--json', '--dir', join(home, 'mirror')]);
    expect(status).toBe(0);
    const told = JSON.parse(out);
    expect(told).toMatchObject({
      source: 'portforward/portforward',
      directory: join(home, 'mirror'),
      platform: platformName(),
      outcome: 'written',
      automatic: false,
      configuration: expect.stringMatching(/^provider_installation \{/),
    });
    expect(told.packages).toHaveLength(2);
  });

  test('without node on PATH, which the provider needs, it says so', async () => {
    expect((await install()).out).not.toContain('no `node`');
    expect((await install([], { PATH: home })).out).toContain('no `node` on PATH');
  });

  test('a place that takes nothing: one sentence, the next step, status 1, and nothing is left', async () => {
    const file = join(home, 'file');
    writeFileSync(file, '');
    for (const place of [file, join(file, 'below'), '/proc/portforward']) {
      const { status, out, err } = await install(['--dir', place]);
      expect({ status, out }).toEqual({ status: 1, out: '' });
      expect(err).toContain(`"${place}" cannot be written`);
      expect(err).toContain('--dir');
    }
    mkdirSync(join(home, 'mirror'));
    // A file where a directory has to be, in the middle of the way.
    writeFileSync(join(home, 'mirror', 'registry.opentofu.org'), '');
    expect((await install(['--dir', join(home, 'mirror')])).status).toBe(1);
    expect(readdirSync(join(home, 'mirror')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('wrong usage: status 2, with what is wrong', async () => {
    expect(await install(['--dir', ''])).toMatchObject({
      status: 2,
      err: expect.stringContaining('no name'),
    });
    expect(await install(['--bogus'])).toMatchObject({ status: 2, err: expect.stringContaining('--bogus') });
    expect(await cli(['terraform', 'uninstall'])).toMatchObject({
      status: 2,
      err: expect.stringContaining('uninstall'),
    });
    expect((await cli(['terraform', 'install', '--help'])).out).toMatch(
      /^Usage: portforward terraform install/,
    );
  });
});
