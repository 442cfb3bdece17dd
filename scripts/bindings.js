// node scripts/bindings.js DIRECTORY < SCHEMA: writes the bindings for CDKTF and CDK Terrain to DIRECTORY/cdktf and
// DIRECTORY/cdktn. SCHEMA is what `terraform providers schema -json` prints. A process of its own, since the generators run
// an engine, look for news and log where they want to as soon as they are loaded.
const { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { createRequire } = require('node:module');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { version } = require('../package.json');

// They need no engine's version, and nobody's network.
process.env.TERRAFORM_BINARY_NAME = '/nonexistent';
process.env.CHECKPOINT_DISABLE = '1';

// The file in which the generator is: the root of @cdktf's needs a package that it does not declare.
const KITS = {
  cdktf: '@cdktf/provider-generator/lib/get/generator/provider-generator',
  cdktn: '@cdktn/provider-generator/build/get/generator/provider-generator',
};

async function generate(kit, schema, directory) {
  const [[, namespace, name]] = Object.keys(schema.provider_schemas).map((address) => address.split('/'));
  const generator = require.resolve(KITS[kit]);
  // What goes with a generator is of its own version, not of any that happens to be on top.
  const near = createRequire(generator);
  const { TerraformProviderGenerator } = near(generator);
  const { CodeMaker } = near('codemaker');
  const { ConstructsMakerProviderTarget, TerraformProviderConstraint, LANGUAGES } = near(`@${kit}/commons`);

  const source = `${namespace}/${name}`;
  const constraint = new TerraformProviderConstraint({ name, source, version: since(version) });
  const made = new TerraformProviderGenerator(new CodeMaker(), schema);
  made.generate(new ConstructsMakerProviderTarget(constraint, LANGUAGES[0]));

  const whole = mkdtempSync(join(tmpdir(), 'portforward-bindings-'));
  await made.save(whole);
  const target = join(directory, kit);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  // Without what nobody reads: a second index, and pages that only name the registry.
  const filter = (path) => !/(lazy-index\.ts|README\.md)$/.test(path);
  cpSync(join(whole, 'providers', name), target, { recursive: true, filter });
  rmSync(whole, { recursive: true, force: true });
}

/** 0.3.2 -> any provider of 0.3 or newer within the same major version: bindings of a patch do not differ. */
function since(version) {
  return `~> ${version.split('.').slice(0, 2).join('.')}`;
}

async function main() {
  const schema = JSON.parse(readFileSync(0, 'utf8'));
  for (const kit of Object.keys(KITS)) await generate(kit, schema, process.argv[2]);
}

main();
