import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPulumi } from '../../lab/tour/find-pulumi';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'portforward-find-'));
});
afterEach(() => rmSync(home, { recursive: true }));

/** A directory with these files; returns its path. */
function place(path: string, ...files: string[]): string {
  mkdirSync(join(home, path), { recursive: true });
  for (const file of files) writeFileSync(join(home, path, file), '');
  return join(home, path);
}
const find = (...path: string[]) =>
  findPulumi(false, () => undefined, { PATH: path.join(':'), PULUMI_HOME: join(home, 'pulumi') });

test('PATH comes first, then the newest version that Pulumi keeps', async () => {
  place('pulumi/versions/3.9.0/bin', 'pulumi', 'pulumi-language-nodejs');
  const newest = place('pulumi/versions/3.100.0/bin', 'pulumi', 'pulumi-language-nodejs');
  expect(await find(place('empty'))).toBe(newest);
  const onPath = place('bin', 'pulumi', 'pulumi-language-nodejs');
  expect(await find(place('empty'), onPath)).toBe(onPath);
});

test('the downloader on PATH, which brings no language host, is not taken for the CLI', async () => {
  const downloader = place('node_modules/.bin', 'pulumi');
  await expect(find(downloader)).rejects.toMatchObject({ code: 'unsupported' });
});

test('none at all: what to do, and nothing is fetched when that is not wanted', async () => {
  await expect(find(place('empty'))).rejects.toMatchObject({
    code: 'unsupported',
    summary: 'There is no Pulumi CLI on this machine.',
    hint: expect.stringContaining('https://www.pulumi.com/docs/install/'),
  });
});
