import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemaJson } from '../../provider/terraform/schema/schema-json';
import { repositoryRoot } from '../engines/support/package';

/** Every file below a directory by its path there. */
function filesIn(directory: string): Record<string, string> {
  const paths = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    paths.map((path) => [path.slice(directory.length + 1), readFileSync(path, 'utf8')]),
  );
}

test('the bindings are what the generators make of the schema today (else: npm run generate)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'portforward-bindings-'));
  try {
    const script = join(repositoryRoot, 'scripts', 'bindings.js');
    const { status, stderr } = spawnSync(process.execPath, [script, directory], {
      input: JSON.stringify(schemaJson()),
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const kit of ['cdktf', 'cdktn']) {
      const made = filesIn(join(directory, kit));
      expect(Object.keys(made).length).toBeGreaterThan(4);
      expect(filesIn(join(repositoryRoot, 'sdk', 'generated', kit))).toEqual(made);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
