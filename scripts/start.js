// `npm start`: sets the machine up, then shows the main job on a practice network (lab/tour).
const { spawn } = require('node:child_process');
const { join } = require('node:path');
const { setUp, say, root, LAB_TOOLS, UPNP_TOOLS, SetupError } = require('./setup');

/** A real UPnP router needs more than the lab does. What is wrong with the arguments, the tour says. */
function toolsFor(args) {
  const isUpnp = args.some(
    (arg, n) => arg === '--gateway=upnp' || (arg === 'upnp' && args[n - 1] === '--gateway'),
  );
  return isUpnp ? { ...LAB_TOOLS, ...UPNP_TOOLS } : LAB_TOOLS;
}

async function main() {
  const args = process.argv.slice(2);
  await setUp({ install: !args.includes('--no-install'), tools: toolsFor(args) });
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
