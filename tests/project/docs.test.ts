import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { capabilityPage } from '../../provider/backends/capability-page';
import { kinds } from '../../provider/backends/registry';
import { ruleReference } from '../../provider/rule/reference';
import { terraformReference } from '../../provider/terraform/schema/reference';

const root = join(__dirname, '..', '..');

function pages(directory: string): string[] {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist') return [];
    const path = join(directory, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.')) return pages(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

test('the reference of the rule is what the property table says (else: npm run docs)', () => {
  expect(readFileSync(join(root, 'docs', 'rule.md'), 'utf8')).toBe(ruleReference());
});

test('the table of gateways is what their backends declare (else: npm run docs)', () => {
  expect(readFileSync(join(root, 'docs', 'gateways', 'README.md'), 'utf8')).toBe(capabilityPage(kinds));
});

test('the pages on the Terraform provider are what its schema says (else: npm run docs)', () => {
  const pages = terraformReference((file) =>
    readFileSync(join(root, 'scripts', 'terraform-docs', file), 'utf8'),
  );
  expect(Object.keys(pages).length).toBeGreaterThan(3);
  for (const [page, text] of Object.entries(pages))
    expect(readFileSync(join(root, 'docs', 'terraform', page), 'utf8')).toBe(text);
});

test('every link to a file of ours leads somewhere', () => {
  const broken = pages('.').flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8');
    return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map((match) => match[1] as string)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(join(root, dirname(page), target)))
      .map((target) => `${relative('.', page)} -> ${target}`);
  });
  expect(broken).toEqual([]);
});
