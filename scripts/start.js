// `npm start`: sets the machine up, then shows the main job on a practice network (lab/tour).
const { spawn } = require('node:child_process');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { setUp, say, root, LAB_TOOLS, UPNP_TOOLS, SetupError } = require('./setup');

/** What the gateways of the tour need, other than the lab: nothing for the simulated one, more for a real UPnP router. */
const GATEWAY_TOOLS = { openwrt: {}, upnp: { ...LAB_TOOLS, ...UPNP_TOOLS } };

async function main() {
  const args = process.argv.slice(2);
  const options = { gateway: { type: 'string' }, 'no-install': { type: 'boolean' } };
  // Not strict: what is wrong with the arguments, the tour says.
  const { values } = parseArgs({ args, options, strict: false });
  const tools = GATEWAY_TOOLS[values.gateway] ?? LAB_TOOLS;
  await setUp({ install: !values['no-install'], tools });
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
