// `npm start`: sets the machine up, then shows the main job on a practice network (lab/tour).
const { spawn } = require('node:child_process');
const { join } = require('node:path');
const { setUp, say, root, SetupError } = require('./setup');

async function main() {
  const args = process.argv.slice(2);
  await setUp({ install: !args.includes('--no-install') });
  const tour = spawn(process.execPath, [join(root, 'dist', 'lab', 'tour', 'main.js'), ...args], {
    stdio: 'inherit',
    cwd: root,
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => tour.kill(signal));
  tour.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

main().catch((error) => {
  say(error instanceof SetupError ? error.message : (error.stack ?? String(error)));
  process.exitCode = 1;
});
