import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Files that say by themselves under which licence they are; all others are under the package's own. */
function ofOthers(): string[] {
  const files = ['sdk', 'provider', 'agent', 'lab', 'scripts'].flatMap((place) =>
    readdirSync(join(root, place), { recursive: true, encoding: 'utf8' }).map((file) => `${place}/${file}`),
  );
  return files.filter((file) => /\.[jt]s$/.test(file) && /^\/\/ SPDX-License-Identifier:/m.test(read(file)));
}

test('every file under a licence of others stands in NOTICE with its copyright, and NOTICE is in the package', () => {
  const files = ofOthers();
  expect(files).toContain('provider/terraform/wire/tfplugin6.ts');
  const notice = read('NOTICE');
  for (const file of files) {
    const line = notice.split('\n').find((text) => text.startsWith(`${file} `));
    const [, copyright = 'no copyright line'] = /^\/\/ (Copyright .*)$/m.exec(read(file)) ?? [];
    expect(line).toContain(copyright);
    expect(line).toContain('Mozilla Public License 2.0');
  }
  expect(JSON.parse(read('package.json')).files).toContain('NOTICE');
});
