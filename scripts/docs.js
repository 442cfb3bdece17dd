// Writes the pages that derive from the code. `npm run docs`; a test fails when they are stale.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { build, root } = require('./setup');

build();
const { ruleReference } = require(join(root, 'dist', 'provider', 'rule', 'reference.js'));
writeFileSync(join(root, 'docs', 'rule.md'), ruleReference());
