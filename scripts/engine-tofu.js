// `npm run engine:tofu`: builds OpenTofu from the Go module proxy into a cache outside the clone, where the tour and the
// tests find it. For machines that have Go and no engine. `--where` only prints the path.
const { spawn, spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { homedir } = require('node:os');
const { dirname, join } = require('node:path');
const { parseArgs } = require('node:util');
const { say, SetupError } = require('./setup');

const VERSION = '1.12.6';
const MAIN = 'github.com/opentofu/opentofu/cmd/tofu';

/** OpenTofu's own go.mod replaces hcl, and replacements count in the main module only: here that is ours. */
const MODULE = `module portforward.invalid/engine

go 1.26.6

require github.com/opentofu/opentofu v${VERSION}

replace github.com/hashicorp/hcl/v2 v2.20.1 => github.com/opentofu/hcl/v2 v2.20.2-0.20251021132045-587d123c2828
`;

/** The user's own Go settings stay, but for those that would lead out of this module. No C compiler is needed. */
const GO_ENV = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GO111MODULE: 'on' };

/** lab/tour/find-hcl.ts looks in the same place. */
function place(env = process.env) {
  const cache = env.XDG_CACHE_HOME?.startsWith('/')
    ? env.XDG_CACHE_HOME
    : join(env.HOME || homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
  return join(cache, 'portforward', 'opentofu', VERSION, 'tofu');
}

const works = (tofu) =>
  spawnSync(tofu, ['version'], { stdio: 'ignore', env: { ...process.env, CHECKPOINT_DISABLE: '1' } })
    .status === 0;

/** Runs go in the directory and hands every line of its log on. Returns what it printed; fails with its last words. */
async function go(directory, args, hear = () => undefined) {
  const child = spawn('go', args, { cwd: directory, env: GO_ENV, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => child.kill('SIGTERM');
  process.once('SIGTERM', stop);
  let [out, rest] = ['', ''];
  const words = [];
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    const lines = (rest + data).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (!hear(line)) words.push(line);
    }
  });
  const code = await new Promise((done, fail) => child.once('error', fail).once('close', done));
  process.removeListener('SIGTERM', stop);
  if (code === 0) return out;
  throw new SetupError(`\`go ${args.join(' ')}\` failed:\n${[...words, rest].slice(-12).join('\n').trim()}`);
}

/** One line that is written over on a terminal; elsewhere a line at every tenth. */
function progress(what, total) {
  let [count, told] = [0, 0];
  const terminal = process.stderr.isTTY;
  return (end = false) => {
    if (!end) count += 1;
    const text = `  ${what}: ${count}${total === null ? '' : ` of ${total}`}`;
    if (terminal) process.stderr.write(`\r${text}${end ? '\n' : ''}`);
    else if (end || count - told >= (total ?? 200) / 10) {
      if (!end || count !== told) say(text);
      told = count;
    }
  };
}

async function build(target) {
  const directory = mkdtempSync(join(dirname(target), 'build-'));
  try {
    writeFileSync(join(directory, 'go.mod'), MODULE);
    const modules = progress('modules fetched', null);
    const stale = '{{if .Stale}}{{.ImportPath}}{{end}}';
    const list = await go(directory, ['list', '-mod=mod', '-deps', '-f', stale, MAIN], (line) => {
      if (!line.startsWith('go: downloading ')) return false;
      modules();
      return true;
    });
    modules(true);
    const packages = list.split('\n').filter(Boolean);
    const compiled = progress('packages compiled', packages.length);
    const names = new Set(packages);
    const output = join(directory, 'tofu');
    await go(directory, ['build', '-mod=mod', '-v', '-ldflags=-s -w', '-o', output, MAIN], (line) => {
      if (!names.has(line)) return false;
      compiled();
      return true;
    });
    compiled(true);
    if (!works(output)) throw new SetupError('What was built does not run.');
    renameSync(output, target);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function main() {
  const { values } = parseArgs({ options: { where: { type: 'boolean' } } });
  const target = place();
  if (values.where) return console.log(target);
  if (existsSync(target) && works(target)) return say(`OpenTofu ${VERSION} is there already: ${target}`);
  if (spawnSync('go', ['version'], { stdio: 'ignore' }).error)
    throw new SetupError('There is no Go on this machine (https://go.dev/dl/), which builds OpenTofu.');
  mkdirSync(dirname(target), { recursive: true });
  say(
    `Building OpenTofu ${VERSION} from the Go module proxy; that takes all cores for some minutes, and some GB in Go's own caches.`,
  );
  const started = performance.now();
  await build(target);
  say(
    `${target} (${Math.round((performance.now() - started) / 1000)} s). The tour uses it: npm start -- --engine tofu`,
  );
}

main().catch((error) => {
  say(error instanceof SetupError ? error.message : (error.stack ?? String(error)));
  process.exitCode = 1;
});
