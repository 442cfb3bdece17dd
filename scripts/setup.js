// What a machine needs before anything else can run: packages from the lockfile, system packages, the build.
// Plain JavaScript without dependencies, because it runs before anything is installed.
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const {
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  mkdirSync,
} = require('node:fs');
const { delimiter, join } = require('node:path');
const readline = require('node:readline/promises');

const root = join(__dirname, '..');

/** Command -> Debian package: what the lab with real packets needs. */
const LAB_TOOLS = { nft: 'nftables', conntrack: 'conntrack', ip: 'iproute2' };

/** The same for a real UPnP gateway there, and miniupnp's own client to look at it with. */
const UPNP_TOOLS = { miniupnpd: 'miniupnpd-nftables', upnpc: 'miniupnpc' };

const TEST_TOOLS = { ...LAB_TOOLS, ...UPNP_TOOLS };

/** Packages whose install scripts may run; every other script stays off (.npmrc). None is needed today. */
const INSTALL_SCRIPTS = [];

class SetupError extends Error {}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (done.error) throw new SetupError(`${command} could not be started: ${done.error.message}`);
  return done.status ?? 1;
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(
    `Node ${process.versions.node} is too old: portforward needs Node 20.19 or newer (https://nodejs.org).`,
  );
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

/** Runs `work` only when the inputs changed since it last succeeded. */
function whenChanged(stamp, digest, work) {
  const path = join(root, 'node_modules', stamp);
  if (existsSync(path) && readFileSync(path, 'utf8') === digest) return false;
  work();
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(path, digest);
  return true;
}

function installPackages({ install }) {
  const digest = hashOf(['package.json', 'package-lock.json']);
  const stamp = join(root, 'node_modules', '.portforward-packages');
  const current = existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
  if (!current && !install)
    throw new SetupError('The npm packages are not installed. Run `npm ci`, or leave --no-install out.');
  whenChanged('.portforward-packages', digest, () => {
    say('Installing the npm packages of the lockfile (install scripts off) …');
    if (run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']) !== 0)
      throw new SetupError(
        '`npm ci` failed; its words are above. Check the network, then run the same command again.',
      );
    for (const name of INSTALL_SCRIPTS) run('npm', ['rebuild', name]);
  });
}

function sources(directory, found = []) {
  for (const entry of readdirSync(join(root, directory), { withFileTypes: true })) {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory()) sources(path, found);
    else if (/\.(ts|json)$/.test(entry.name)) found.push(path);
  }
  return found;
}

/** The bindings of CDKTF and CDK Terrain: compiled with a configuration of their own. */
const GENERATED = 'sdk/generated';

/** `bindings: false` leaves the generated bindings out: what makes them anew must not need the old ones. */
function build({ bindings = true } = {}) {
  const own = ['sdk', 'provider', 'agent', 'lab']
    .flatMap((directory) => sources(directory))
    .filter((path) => !path.startsWith(`${GENERATED}/`));
  compile('portforward', 'tsconfig.build.json', own, 'sdk/index.js', '.portforward-build');
  if (bindings)
    compile(
      'its bindings',
      GENERATED,
      sources(GENERATED),
      `${GENERATED}/cdktf/index.js`,
      '.portforward-bindings',
    );
}

/** Compiles what changed since the last time, and what is not there. */
function compile(what, project, files, made, stamp) {
  const settings = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
  const digest = hashOf([...settings, ...files].sort());
  const work = () => {
    say(`Building ${what} …`);
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    if (run(process.execPath, [compiler, '-p', project]) !== 0)
      throw new SetupError('The build failed; the compiler says why above.');
    // Here, for before the packages are installed there is no bundler.
    require('./bundle').bundle();
  };
  if (!existsSync(join(root, 'dist', made))) rmSync(join(root, 'node_modules', stamp), { force: true });
  whenChanged(stamp, digest, work);
}

function onPath(tool) {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].some(
    (place) => place !== '' && existsSync(join(place, tool)) && statSync(join(place, tool)).isFile(),
  );
}

async function agree(question) {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return true;
  const terminal = readline.createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [Y/n] `);
  terminal.close();
  return answer.trim() === '' || /^y/i.test(answer.trim());
}

/** Installs the missing system packages where that can be done; elsewhere says what is left out. Never fails. */
async function installTools(tools, { install }) {
  if (process.platform !== 'linux') return;
  const wanted = [
    ...new Set(
      Object.entries(tools)
        .filter(([tool]) => !onPath(tool))
        .map(([, name]) => name),
    ),
  ];
  if (wanted.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${wanted.join(' ')}`;
  const isRoot = process.getuid() === 0;
  say(`Missing on this machine: ${wanted.join(', ')}.\n  ${isRoot ? '' : 'sudo '}${command}`);
  if (!install) return say('Not installed, as --no-install asks; what needs them is left out.');
  if (!isRoot || !onPath('apt-get'))
    return say('Run the line above yourself to have real packets; going on without.');
  if (!(await agree('Install them now?'))) return say('Not installed; what needs them is left out.');
  // No service may start by itself: this machine's own firewall is none of our business.
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const quiet = { env: environment, stdio: ['ignore', 'ignore', 'inherit'] };
  run('apt-get', ['update', '-qq'], quiet);
  if (run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...wanted], quiet) !== 0)
    say('apt-get failed; what needs these packages is left out.');
}

/** Everything `npm start` and `npm test` need. Quick when nothing changed. */
async function setUp({ install = true, tools = LAB_TOOLS } = {}) {
  checkNode();
  installPackages({ install });
  build();
  await installTools(tools, { install });
}

module.exports = { setUp, build, run, say, root, LAB_TOOLS, UPNP_TOOLS, TEST_TOOLS, SetupError };
