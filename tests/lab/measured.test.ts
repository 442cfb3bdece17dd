import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { measured } from './measured';

/** Titles of the tests in a file, as they are written there. */
function titles(file: string): string[] {
  const text = readFileSync(join(__dirname, `${file}.test.ts`), 'utf8');
  return [...text.matchAll(/\btest\(\s*(['"`])(.*?)\1,/g)].map((match) => match[2] as string);
}

test.each(measured)('a test shows that $fact', ({ shownBy }) => {
  expect(shownBy.length).toBeGreaterThan(0);
  for (const [file, title] of shownBy) expect(titles(file)).toContain(title);
});
