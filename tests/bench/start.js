const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { PROVIDER_TEXT } = require('../../dist/sdk/constants');
const { AgentGateway } = require('./support/agent-gateway');
const { additions } = require('./support/agent-client');
const { compare, interleave, single, timed } = require('./support/measure');
const { missingForLab } = require('./support/needs');
const { withPlaces } = require('./support/places');
const { EMPTY_METHODS, EMPTY_TEXT } = require('./support/programs');
const { ProgramDirectory } = require('./support/program-directory');
const { inputsOf, wantedRules } = require('./support/rules');

const title = 'Starting: the provider until its first check is answered, the agent until it listens';

async function run({ quick, say }) {
  const size = quick ? 100 : 1000;
  return withPlaces(async (open) => {
    const { lab, agent, client } = await open(AgentGateway.start());
    const text = (start) => ({ ...inputsOf(0), name: 'rule-0', __provider: start });
    const ours = providerStart(lab, 'ours', {}, text(PROVIDER_TEXT), {
      'portforward:kind': 'agent',
      'portforward:socket': agent.socket,
      'portforward:owner': 'bench/dev',
      'portforward:name': 'home',
    });
    const empty = providerStart(lab, 'empty', EMPTY_METHODS, text(EMPTY_TEXT), {});
    const provider = await interleave({ ours, empty }, { repeats: quick ? 3 : 11, seconds: 60 });
    say('provider done');
    await client.batch(additions(wantedRules(size)));
    await client.look();
    await agent.stop();
    const start = (name) => async () => {
      let started;
      const took = await timed(async () => {
        started = await lab.startAgent({ name });
      });
      await started.stop();
      return took;
    };
    const subjects = { none: start('none'), full: start('agent'), node: () => bareNode(lab) };
    await subjects.none();
    const agents = await interleave(subjects, { repeats: quick ? 3 : 11, seconds: 60 });
    const of = (who, part) => provider[who].map((one) => one[part]);
    return [
      compare('provider: start to first check', of('ours', 'ready'), of('empty', 'ready'), {
        note: 'floor: the same process of Pulumi with methods that do nothing',
      }),
      compare('  of it until it has a port', of('ours', 'listening'), of('empty', 'listening')),
      single('a second check', of('ours', 'second')),
      compare('agent: start to listening, no rules', agents.none, agents.node, {
        note: 'floor: node that listens at a socket and nothing else',
      }),
      compare(`agent: start to listening, ${size} rules in the kernel`, agents.full, agents.node),
    ];
  });
}

function providerStart(lab, name, files, inputs, config) {
  const { path } = new ProgramDirectory(lab, `start-${name}`, files);
  const order = join(path, 'order.json');
  writeFileSync(order, JSON.stringify({ directory: path, config, inputs }));
  return async () => {
    const script = join(__dirname, 'support', 'provider-start.js');
    const signal = AbortSignal.timeout(60_000);
    const { code, stdout, stderr } = await lab.exec('desk', [process.execPath, script, order], { signal });
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };
}

/** Milliseconds until Node alone, in the same place, listens at a Unix socket. */
function bareNode(lab) {
  const program = `const server = require('node:http').createServer();
    server.listen('/run/bare.sock', () => server.close());`;
  return timed(async () => {
    const { code, stderr } = await lab.exec('gateway', [process.execPath, '-e', program]);
    if (code !== 0) throw new Error(stderr);
  });
}

module.exports = { title, missing: missingForLab, run };
