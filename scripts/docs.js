// Writes the pages, and the files for devices, that derive from the code. `npm run docs`; a test fails when they are stale.
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { build, root } = require('./setup');

build();
const { ruleReference } = require(join(root, 'dist', 'provider', 'rule', 'reference.js'));
const { terraformReference } = require(join(root, 'dist', 'provider', 'terraform', 'schema', 'reference.js'));

const { capabilityPage } = require(join(root, 'dist', 'provider', 'backends', 'capability-page.js'));
const { kinds } = require(join(root, 'dist', 'provider', 'backends', 'registry.js'));
const { aclFile } = require(join(root, 'dist', 'provider', 'backends', 'openwrt', 'acl.js'));

const example = (file) => readFileSync(join(__dirname, 'terraform-docs', file), 'utf8');
// What the tests declare is not built.
require(join(root, 'tests', 'agent', 'support', 'typescript.js'));
const { conformancePage } = require(join(root, 'tests', 'engines', 'conformance', 'page.ts'));

const pages = {
  'rule.md': ruleReference(),
  'conformance.md': conformancePage(),
  'gateways/README.md': capabilityPage(kinds),
};
for (const [page, text] of Object.entries(terraformReference(example))) pages[`terraform/${page}`] = text;
for (const [page, text] of Object.entries(pages)) {
  const path = join(root, 'docs', page);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
writeFileSync(
  join(root, 'provider', 'backends', 'openwrt', 'acl', 'portforward.json'),
  aclFile(['wan'], ['lan']),
);
