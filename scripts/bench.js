// `npm run bench`: sets the machine up, then measures (tests/bench), each figure against its floor in the same run.
const { spawn } = require('node:child_process');
const { join } = require('node:path');
const { setUp, say, root, SetupError } = require('./setup');

async function main() {
  const args = process.argv.slice(2);
  if (!args.includes('--help')) await setUp({ install: !args.includes('--no-install') });
  const bench = spawn(process.execPath, [join(root, 'tests', 'bench', 'main.js'), ...args], {
    stdio: 'inherit',
    cwd: root,
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => bench.kill(signal));
  bench.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

main().catch((error) => {
  say(error instanceof SetupError ? error.message : (error.stack ?? String(error)));
  process.exitCode = 1;
});
