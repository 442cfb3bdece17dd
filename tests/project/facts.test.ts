import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

test('every fact in docs/testing.md names a test that is there', () => {
  const rows = [
    ...readFileSync(join(root, 'docs', 'testing.md'), 'utf8').matchAll(
      /^\| (.+) \| `(tests\/\S+)`: (.+) \|$/gm,
    ),
  ];
  expect(rows.length).toBeGreaterThan(15);
  const missing = rows
    .map(([, , file, name]) => ({ file: file as string, name: name as string }))
    .filter(
      ({ file, name }) => !readFileSync(join(root, file), 'utf8').replaceAll("\\'", "'").includes(name),
    );
  expect(missing).toEqual([]);
});
