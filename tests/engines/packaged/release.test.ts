import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platformName, writeMirror } from '../../../provider/cli/terraform-mirror';
import { HOSTS } from '../../../provider/terraform/wire/hosts';
import { describeWhere, HCL_ENGINES, hclEngine, type Missing } from '../../support/needs';
import { packageRoot } from '../support/package';
import { TerraformProject } from '../support/terraform';

jest.setTimeout(240_000);

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
const NAME = 'terraform-provider-portforward';

let place: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'portforward-release-'));
});
afterAll(() => rmSync(place, { recursive: true }));

function script(name: string, ...args: string[]): string {
  return execFileSync(process.execPath, [join(packageRoot, 'scripts', name), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A directory made by the script; again with the same name it is made anew. */
function release(name: string, ...more: string[]): string {
  const out = join(place, name);
  script('release-terraform.js', '--out', out, ...more);
  return out;
}

/** A packed mirror that holds this platform's package of a release. */
function packedMirror(out: string, name: string): string {
  const mirror = join(place, name);
  const zip = `${NAME}_${version}_${platformName()}.zip`;
  for (const host of HOSTS) {
    const directory = join(mirror, host, 'portforward', 'portforward');
    mkdirSync(directory, { recursive: true });
    copyFileSync(join(out, zip), join(directory, zip));
  }
  return mirror;
}

const config = 'provider "portforward" {\n  kind = "agent"\n  owner = "a/b"\n}\n';

/** Runs `init` and `validate` with nothing but that mirror; returns the hashes that `init` locked. */
async function initialised(
  engine: (typeof HCL_ENGINES)[number],
  mirror: string,
  env: NodeJS.ProcessEnv = {},
) {
  const project = new TerraformProject(engine);
  try {
    project.write(
      'mirror.rc',
      `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`,
    );
    project.env = { ...env, TF_CLI_CONFIG_FILE: join(project.path, 'mirror.rc') };
    project.write('main.tf', config);
    await project.succeed('init');
    await project.succeed('validate');
    return project.read('.terraform.lock.hcl').match(/"h1:[^"]+"/g);
  } finally {
    project.remove();
  }
}

test('the release holds what the registries ask for, by their names, with true sums', () => {
  const out = release('release');
  const platforms = [
    'darwin_amd64',
    'darwin_arm64',
    'freebsd_amd64',
    'linux_amd64',
    'linux_arm',
    'linux_arm64',
  ];
  const zips = platforms.map((platform) => `${NAME}_${version}_${platform}.zip`);
  const manifest = `${NAME}_${version}_manifest.json`;
  const sums = `${NAME}_${version}_SHA256SUMS`;
  expect(readdirSync(out).sort()).toEqual([...zips, manifest, sums, 'docs'].sort());
  expect(JSON.parse(readFileSync(join(out, manifest), 'utf8'))).toEqual({
    version: 1,
    metadata: { protocol_versions: ['6.0'] },
  });
  expect(readFileSync(join(out, sums), 'utf8')).toBe(
    [...zips, manifest]
      .map(
        (file) =>
          `${createHash('sha256')
            .update(readFileSync(join(out, file)))
            .digest('hex')}  ${file}\n`,
      )
      .join(''),
  );
  expect(readdirSync(join(out, 'docs')).sort()).toEqual(['data-sources', 'index.md', 'resources']);
});

test('the same sources make the same release, byte for byte', () => {
  const sums = (out: string) => readFileSync(join(out, `${NAME}_${version}_SHA256SUMS`), 'utf8');
  expect(sums(release('again'))).toBe(sums(release('release')));
});

test('a directory with something else in it is left alone', () => {
  const out = join(place, 'home');
  mkdirSync(out);
  writeFileSync(join(out, 'letters'), '');
  expect(() => release('home')).toThrow(/holds other things/);
  expect(readdirSync(out)).toEqual(['letters']);
});

describe.each(HCL_ENGINES)('%s', (engine) => {
  describeWhere(hclEngine(engine) ? null : `no ${engine} on this machine`, 'from a packed mirror', () => {
    test('installs the zip, starts it, and locks the very hash of an installed one', async () => {
      const packed = await initialised(engine, packedMirror(release('release'), `packed-${engine}`));
      const unpacked = await initialised(engine, writeMirror(join(place, `unpacked-${engine}`)).directory);
      expect(packed).toHaveLength(1);
      expect(packed).toEqual(unpacked);
    });
  });
});

/** Why no single executable can be built or tried here, or null. */
function missingForExecutable(): Missing {
  if (!readFileSync(process.execPath).includes('NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:0'))
    return 'this Node was built without support for single executables';
  return HCL_ENGINES.some(hclEngine) ? null : 'neither terraform nor tofu on this machine';
}

describeWhere(missingForExecutable(), 'the single executable', () => {
  test('needs no Node, and takes the place of the script in a release', async () => {
    const executables = join(place, 'executables');
    script('terraform-executable.js', '--out', executables);
    const executable = join(executables, platformName(), NAME);
    expect(statSync(executable).mode & 0o111).toBe(0o111);
    expect(spawnSync(executable, ['--version'], { env: {}, encoding: 'utf8' }).stdout).toBe(`${version}\n`);
    const out = release('single', '--executables', executables);
    const engine = HCL_ENGINES.find(hclEngine) ?? 'terraform';
    // A PATH with the engine and nothing else.
    const bin = join(place, 'bin');
    mkdirSync(bin);
    symlinkSync(hclEngine(engine) ?? '', join(bin, engine));
    await initialised(engine, packedMirror(out, 'packed-single'), { PATH: bin });
  });
});

test('a Node without the fuse builds nothing and says why, status 3', () => {
  const node = join(place, 'node');
  const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:0';
  const binary = readFileSync(process.execPath);
  const at = binary.indexOf(fuse);
  if (at >= 0) binary.write('x', at);
  writeFileSync(node, binary, { mode: 0o755 });
  const { status, stderr } = spawnSync(
    node,
    [join(packageRoot, 'scripts', 'terraform-executable.js'), '--out', join(place, 'none')],
    { encoding: 'utf8' },
  );
  expect({ status, stderr }).toMatchObject({ status: 3, stderr: expect.stringContaining('nodejs.org') });
  expect(readdirSync(place)).not.toContain('none');
});
