// The provider for Terraform and OpenTofu as one file that needs only Node: dist/terraform/, with what has to lie
// beside it. `npm run build` makes it after the compiler, `npm run bundle` makes it alone.
const { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { root, SetupError } = require('./setup');

const directory = join(root, 'dist', 'terraform');
const NAME = 'terraform-provider-portforward';

const manifest = (place) => JSON.parse(readFileSync(join(root, place, 'package.json'), 'utf8'));

/**
 * Both a shell script and JavaScript, to say what is missing where no Node is, or an older one that might end in a riddle: an
 * engine shows a line that comes where it waits for the handshake. `exec`: the engine must stay the parent.
 */
function opening(engines) {
  const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(engines.node);
  const needs = `portforward needs Node ${major}.${minor} or newer in PATH, and finds`;
  return `#!/bin/sh
':' //; command -v node >/dev/null 2>&1 || { echo '${needs} none.'; exit 1; }; exec node "$0" "$@"
'use strict';
(function (v) {
  if (+v[0] > ${major} || (+v[0] === ${major} && +v[1] >= ${minor})) return;
  console.log('${needs} ' + v.join('.') + '.');
  process.exit(1);
})(process.versions.node.split('.'));
`;
}

/** The packages whose code is in the bundle, by their directories. */
function packagesIn({ inputs }) {
  const places = Object.keys(inputs).map(
    (file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0],
  );
  return [...new Set(places.filter(Boolean))].sort();
}

function licenceOf(place) {
  const { name, version, license } = manifest(place);
  const file = readdirSync(join(root, place)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : readFileSync(join(root, place, file), 'utf8').trim();
  return `${name} ${version} (${license})\n\n${text}`.trim();
}

/** What the licences of others ask of somebody who hands their code on. */
function licences(metafile) {
  const [notice, licence] = ['NOTICE', 'LICENSE'].map((file) =>
    readFileSync(join(root, file), 'utf8').trim(),
  );
  const parts = [notice, `portforward (Apache-2.0)\n\n${licence}`, ...packagesIn(metafile).map(licenceOf)];
  return `${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** Returns the path of the executable. Throws with the bundler's words. It is the same file for the same sources. */
function bundle() {
  const { version, license, engines } = manifest('.');
  const { buildSync } = require('esbuild');
  mkdirSync(directory, { recursive: true });
  const executable = join(directory, NAME);
  const { metafile, outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: ['provider/terraform/main.ts'],
    outfile: executable,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: `node${/\d+\.\d+/.exec(engines.node)[0]}`,
    // Names stay, so that a stack in the engine's log can be read.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    write: false,
    metafile: true,
    logLevel: 'warning',
  });
  writeFileSync(executable, opening(engines) + outputFiles[0].text.replace(/^#!.*\n/, ''));
  chmodSync(executable, 0o755);
  // A file without extension is what the next package.json above it says: wherever this is copied, that is ours.
  const beside = { name: NAME, version, private: true, license, type: 'commonjs', engines };
  writeFileSync(join(directory, 'package.json'), `${JSON.stringify(beside, null, 2)}\n`);
  writeFileSync(join(directory, 'LICENSES.txt'), licences(metafile));
  return executable;
}

/** Throws where the build has not made it yet. */
function checkBuilt() {
  const executable = join(directory, NAME);
  if (!existsSync(executable))
    throw new SetupError(`${executable} does not exist. Run \`npm run build\` first.`);
}

module.exports = { bundle, checkBuilt, directory, NAME };

if (require.main === module) console.log(bundle());
