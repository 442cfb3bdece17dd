const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { selfSigned } = require('../../../dist/provider/certificate/self-signed');
const { compare, interleave } = require('../support/measure');
const { bundle } = require('../support/hcl-provider');

/** What an engine puts into the environment of a plugin. */
const AS_ENGINE = {
  TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
  PLUGIN_PROTOCOL_VERSIONS: '5,6',
  PLUGIN_CLIENT_CERT: selfSigned().certificatePem,
};

/** From the start of the provider to its handshake; floor: Node that says one line. */
async function measureStart({ quick }) {
  const subjects = {
    ours: () => untilFirstLine([bundle]),
    node: () => untilFirstLine([process.execPath, '-e', 'console.log(1)']),
  };
  for (const start of Object.values(subjects)) await start();
  const { ours, node } = await interleave(subjects, { repeats: quick ? 5 : 25, seconds: 60 });
  return [
    compare('provider: start to handshake', ours, node, { goal: 3, note: 'floor: node that says one line' }),
  ];
}

async function untilFirstLine([command, ...args]) {
  const begun = performance.now();
  const child = spawn(command, args, {
    env: { ...process.env, ...AS_ENGINE },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  const took = performance.now() - begun;
  child.kill('SIGTERM');
  await closed;
  return took;
}

module.exports = { measureStart };
