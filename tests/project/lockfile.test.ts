import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const lock = JSON.parse(read('package-lock.json')) as {
  packages: Record<
    string,
    {
      version?: string;
      resolved?: string;
      integrity?: string;
      link?: boolean;
      bundled?: boolean;
      inBundle?: boolean;
    }
  >;
};

test('the lockfile names hashes and no download address', () => {
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
  expect(packages.length).toBeGreaterThan(100);
  const addressed = packages.filter(([, entry]) => /:\/\//.test(entry.resolved ?? ''));
  expect(addressed.map(([path]) => path)).toEqual([]);
  const unhashed = packages.filter(
    ([, entry]) => !entry.link && !entry.inBundle && entry.integrity === undefined,
  );
  expect(unhashed.map(([path]) => path)).toEqual([]);
});

test('no install script runs but for the named list', () => {
  expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  expect(read('scripts/setup.js')).toMatch(/const INSTALL_SCRIPTS = \[\];/);
});

test('what the package needs at run time is pinned exactly', () => {
  const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(read('package.json'));
  for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(peerDependencies).toEqual({
    '@pulumi/pulumi': '>=3.216.0 <4',
    cdktf: '^0.21.0',
    cdktn: '^0.24.0',
    constructs: '^10.4.2',
  });
  for (const name of Object.keys(peerDependencies)) expect(peerDependenciesMeta[name].optional).toBe(true);
});
