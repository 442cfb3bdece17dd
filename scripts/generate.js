// Writes the bindings for CDKTF and CDK Terrain from the provider's own schema. `npm run generate`; a test fails when they
// are stale.
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { build, root } = require('./setup');

// Without the bindings: those that are there may be what does not compile.
build({ bindings: false });
const { schemaJson } = require(join(root, 'dist', 'provider', 'terraform', 'schema', 'schema-json.js'));

const script = join(__dirname, 'bindings.js');
const { status } = spawnSync(process.execPath, [script, join(root, 'sdk', 'generated')], {
  input: JSON.stringify(schemaJson()),
  stdio: ['pipe', 'inherit', 'inherit'],
});
process.exitCode = status ?? 1;
