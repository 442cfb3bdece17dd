// What the public registries of Terraform and OpenTofu want of a release: `npm run release:terraform`. Signing it is
// the publisher's: docs/publishing-terraform.md.
const { createHash } = require('node:crypto');
const {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} = require('node:fs');
const { join, resolve } = require('node:path');
const { parseArgs } = require('node:util');
const { checkBuilt, directory: bundled, NAME } = require('./bundle');
const { root, say, SetupError } = require('./setup');
const { zip } = require('./zip');

/** Where the provider runs: a script is the same everywhere. */
const PLATFORMS = [
  'darwin_amd64',
  'darwin_arm64',
  'freebsd_amd64',
  'linux_amd64',
  'linux_arm',
  'linux_arm64',
];

/** Without it registries take the provider for one of protocol 5. */
const MANIFEST = { version: 1, metadata: { protocol_versions: ['6.0'] } };

/** A platform's package: the executable that was built for it, or the script with what has to lie beside it. */
function contents(platform, version, executables) {
  const executable = executables && join(executables, platform, NAME);
  const single = executable && existsSync(executable);
  return readdirSync(bundled)
    .filter((file) => !single || file !== 'package.json')
    .sort()
    .map((file) => ({
      name: file === NAME ? `${NAME}_v${version}` : file,
      mode: file === NAME ? 0o755 : 0o644,
      content: readFileSync(single && file === NAME ? executable : join(bundled, file)),
    }));
}

function release({ out, executables }) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  checkBuilt();
  if (existsSync(out) && !readdirSync(out).every((file) => file === 'docs' || file.startsWith(`${NAME}_`)))
    throw new SetupError(`${out} holds other things than a release: name another directory with --out.`);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const files = PLATFORMS.map((platform) => [
    `${NAME}_${version}_${platform}.zip`,
    zip(contents(platform, version, executables)),
  ]);
  files.push([`${NAME}_${version}_manifest.json`, Buffer.from(`${JSON.stringify(MANIFEST, null, 2)}\n`)]);
  const sums = files.map(([name, data]) => `${createHash('sha256').update(data).digest('hex')}  ${name}\n`);
  files.push([`${NAME}_${version}_SHA256SUMS`, Buffer.from(sums.join(''))]);
  for (const [name, data] of files) writeFileSync(join(out, name), data);
  cpSync(join(root, 'docs', 'terraform'), join(out, 'docs'), { recursive: true });
  return { version, files: files.map(([name]) => name) };
}

function main() {
  const { values } = parseArgs({ options: { out: { type: 'string' }, executables: { type: 'string' } } });
  const out = resolve(values.out ?? join(root, 'release', 'terraform'));
  const { version, files } = release({ out, executables: values.executables && resolve(values.executables) });
  console.log(`${out}: ${files.length} files of release v${version}, and docs/ for its repository.

Not signed. With the key that the registries know:

  gpg --detach-sign ${join(out, `${NAME}_${version}_SHA256SUMS`)}

then attach all of them to the release v${version} (docs/publishing-terraform.md).`);
}

try {
  main();
} catch (error) {
  say(error instanceof SetupError ? error.message : (error.stack ?? String(error)));
  process.exitCode = 1;
}
