import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../lab/namespaces/compiled';
import { type EngineName, findEngine } from '../../lab/tour/find-engine';
import { presentHcl } from '../../lab/tour/find-hcl';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'portforward-find-'));
});
afterEach(() => rmSync(home, { recursive: true }));

/** An executable file; returns its directory. */
function place(path: string, mode = 0o755): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, mode);
  return dirname(file);
}
const environment = (...path: string[]) => ({
  PATH: path.join(':'),
  HOME: home,
  PULUMI_HOME: join(home, 'pulumi'),
});
const find = (wish: EngineName | null, ...path: string[]) =>
  findEngine(wish, false, () => undefined, environment(...path));

describe('without a wish', () => {
  test('Pulumi comes first', async () => {
    place('pulumi/versions/3.9.0/bin/pulumi');
    const bin = place('pulumi/versions/3.9.0/bin/pulumi-language-nodejs');
    expect(await find(null, place('bin/terraform'))).toEqual({
      name: 'pulumi',
      place: bin,
      why: 'Pulumi, the first choice, is on this machine.',
    });
  });

  test('then Terraform, then OpenTofu, and the sentence says why', async () => {
    const tofu = place('other/tofu');
    expect(await find(null, tofu)).toMatchObject({ name: 'tofu', place: join(tofu, 'tofu') });
    expect(await find(null, tofu, place('bin/terraform'))).toEqual({
      name: 'terraform',
      place: join(home, 'bin/terraform'),
      why: 'Terraform, since there is no Pulumi CLI on this machine.',
    });
  });

  test('a Pulumi CLI that cannot be fetched does not stop it', async () => {
    // An npm that fails as the real one does where the internet is out of reach.
    const bin = place('bin/npm');
    writeFileSync(join(bin, 'npm'), '#!/bin/sh\necho "$@" > "$HOME/asked"\nexit 1\n');
    place('bin/terraform');
    const before = process.env.PATH;
    process.env.PATH = `${bin}:${before}`;
    try {
      expect(await findEngine(null, true, () => undefined, environment(bin))).toMatchObject({
        name: 'terraform',
        why: 'Terraform, since the Pulumi CLI could not be fetched.',
      });
    } finally {
      process.env.PATH = before;
    }
  });

  test('none at all: one sentence with every way to get one', async () => {
    const error = await find(null, home).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'unsupported' });
    for (const way of [
      'https://www.pulumi.com/docs/install/',
      'npm exec --yes pulumi@',
      'https://developer.hashicorp.com/terraform/install',
      'https://opentofu.org/docs/intro/install/',
      'npm run engine:tofu',
    ]) {
      expect(error.message).toContain(way);
    }
    expect(error.message).not.toContain('\n');
  });
});

describe('the wish', () => {
  test('is obeyed, whatever else is there', async () => {
    const bin = place('bin/terraform');
    place('bin/tofu');
    expect(await find('tofu', bin)).toMatchObject({ name: 'tofu', why: 'OpenTofu, as --engine asks.' });
    await expect(find('pulumi', bin)).rejects.toThrow(/There is no Pulumi CLI/);
  });

  test('for what is not there: how to get that one', async () => {
    await expect(find('terraform', home)).rejects.toThrow(/no `terraform`.*developer\.hashicorp\.com/);
    await expect(find('tofu', home)).rejects.toThrow(/no `tofu`.*npm run engine:tofu/);
  });
});

describe('a command', () => {
  test('that cannot be executed, or is a directory, is none', () => {
    const [bare, directory] = [place('bare/terraform', 0o644), join(home, 'directory')];
    mkdirSync(join(directory, 'terraform'), { recursive: true });
    expect(presentHcl('terraform', environment(bare, directory))).toBeUndefined();
    const good = place('good/terraform');
    expect(presentHcl('terraform', environment(bare, directory, good))).toBe(join(good, 'terraform'));
  });

  test('that `npm run engine:tofu` built is found where that script puts it, after PATH', () => {
    const script = join(packageRoot(), 'scripts', 'engine-tofu.js');
    for (const env of [environment(), { ...environment(), XDG_CACHE_HOME: join(home, 'cache') }]) {
      const built = execFileSync(process.execPath, [script, '--where'], { env, encoding: 'utf8' }).trim();
      expect(presentHcl('tofu', env)).toBeUndefined();
      expect(built.startsWith(home)).toBe(true);
      place(built.slice(home.length));
      expect(presentHcl('tofu', env)).toBe(built);
      const onPath = place('bin/tofu');
      expect(presentHcl('tofu', { ...env, PATH: onPath })).toBe(join(onPath, 'tofu'));
    }
  });
});
