// The provider as one executable that needs no Node, for this very system: `npm run executable:terraform`. About 100 MB,
// for Node is inside. docs/publishing-terraform.md.
const { spawnSync } = require('node:child_process');
const {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');
const { parseArgs } = require('node:util');
const { checkBuilt, directory: bundled, NAME } = require('./bundle');
const { root, say, SetupError } = require('./setup');

/** Node looks for this text in itself; the digit after it says whether something was injected. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** As engines name systems and processors. */
const SYSTEMS = { linux: 'linux', darwin: 'darwin', freebsd: 'freebsd' };
const PROCESSORS = { x64: 'amd64', arm64: 'arm64', arm: 'arm' };

/** Why it cannot be made here, or null. */
function hindrance() {
  if (!SYSTEMS[process.platform] || !PROCESSORS[process.arch])
    return `The provider does not run on ${process.platform} (${process.arch}).`;
  if (!readFileSync(process.execPath).includes(`${FUSE}:0`))
    return `This Node (${process.execPath}) was built without support for single executables; that of nodejs.org has it.`;
  if (process.platform === 'darwin' && spawnSync('codesign', ['--version']).error)
    return 'There is no `codesign`, without which macOS starts no changed executable.';
  return null;
}

function run(command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stdout + stderr}`);
}

function make(executable) {
  const work = mkdtempSync(join(tmpdir(), 'portforward-executable-'));
  try {
    const [main, config, blob] = ['main.js', 'config.json', 'blob'].map((name) => join(work, name));
    // A shebang is for the kernel; here there is none.
    writeFileSync(main, readFileSync(join(bundled, NAME), 'utf8').replace(/^#!.*\n/, ''));
    const options = { main, output: blob, disableExperimentalSEAWarning: true, useCodeCache: true };
    writeFileSync(config, JSON.stringify(options));
    run(process.execPath, ['--experimental-sea-config', config]);
    copyFileSync(process.execPath, executable);
    chmodSync(executable, 0o755);
    const mac = process.platform === 'darwin';
    if (mac) run('codesign', ['--remove-signature', executable]);
    const postject = join(root, 'node_modules', 'postject', 'dist', 'cli.js');
    run(process.execPath, [
      postject,
      executable,
      'NODE_SEA_BLOB',
      blob,
      ...['--sentinel-fuse', FUSE],
      ...(mac ? ['--macho-segment-name', 'NODE_SEA'] : []),
    ]);
    if (mac) run('codesign', ['--sign', '-', executable]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function main() {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const reason = hindrance();
  if (reason !== null) {
    say(`${reason} Nothing was built.`);
    process.exitCode = 3;
    return;
  }
  const platform = `${SYSTEMS[process.platform]}_${PROCESSORS[process.arch]}`;
  const directory = join(resolve(values.out ?? join(root, 'release', 'executables')), platform);
  checkBuilt();
  mkdirSync(directory, { recursive: true });
  make(join(directory, NAME));
  console.log(join(directory, NAME));
}

try {
  main();
} catch (error) {
  say(error instanceof SetupError ? error.message : (error.stack ?? String(error)));
  process.exitCode = 1;
}
