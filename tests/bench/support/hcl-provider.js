const { chmodSync, mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { directory, NAME } = require('../../../scripts/bundle');

/** What users install. */
const bundle = join(directory, NAME);

/** By which command of Node each way of running the provider begins. */
const WAYS = {
  installed: [bundle],
  /** Says at its end how much memory it took. */
  watched: ['--require', join(__dirname, 'high-water.js'), bundle],
  empty: [join(__dirname, 'empty-provider.js')],
};

/** A configuration file of the engine by which it starts the provider in this way and needs no init. */
function overrides(directory, source, way) {
  const place = join(directory, way);
  mkdirSync(place);
  const script = join(place, NAME);
  const words = [process.execPath, ...WAYS[way]].map((word) => `'${word}'`).join(' ');
  // `exec`: the engine must be its parent.
  writeFileSync(script, `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(script, 0o755);
  const file = join(place, 'rc');
  const override = `dev_overrides { ${JSON.stringify(source)} = ${JSON.stringify(place)} }`;
  writeFileSync(file, `provider_installation {\n  ${override}\n  direct {}\n}\n`);
  return file;
}

module.exports = { bundle, overrides };
