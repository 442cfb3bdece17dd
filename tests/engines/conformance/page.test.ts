import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { conformancePage } from './page';

test('the page on conformance is what the table says (else: npm run docs)', () => {
  const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'conformance.md'), 'utf8');
  expect(page).toBe(conformancePage());
});
