const { join } = require('node:path');
const { AgentGateway } = require('./support/agent-gateway');
const { CountingSocket } = require('./support/counting-socket');
const { single } = require('./support/measure');
const { missingForPulumi } = require('./support/needs');
const { withPlaces } = require('./support/places');
const { rulesProgram } = require('./support/programs');
const { PulumiProject } = require('./support/pulumi-project');

const title = "Requests at the agent's socket for one Pulumi command (--parallel 64)";

const WIDE = ['--parallel', '64'];

async function run({ quick, say }) {
  const sizes = quick ? [1, 20] : [1, 100, 1000];
  return withPlaces(async (open) => {
    const { lab, agent, client } = await open(AgentGateway.start());
    const socket = join(lab.directory, 'counted.sock');
    const counting = await open(CountingSocket.listen(socket, agent.socket));
    const rows = [];
    for (const size of sizes) {
      await client.clear();
      const program = { 'index.js': rulesProgram(socket, size) };
      const project = await PulumiProject.create(lab, `requests-${size}`, program);
      counting.taken();
      const commands = {
        up: () => project.up(...WIDE),
        'preview --refresh': () => project.refresh(...WIDE),
        'second up': () => project.up(...WIDE),
      };
      for (const [command, go] of Object.entries(commands)) {
        await go();
        const { logins, looks, batches, all } = counting.taken();
        const what = `${command}, ${size} rules`;
        say(`${what}: ${logins} logins, ${looks} looks, ${batches} batches`);
        const count = (name, value, goal = null) => single(`${what}: ${name}`, [value], { unit: '', goal });
        rows.push(count('logins', logins, 1), count('looks', looks, command === 'up' ? null : 2));
        if (batches > 0) rows.push(count('batches', batches));
        if (all !== logins + looks + batches)
          rows.push(count('other requests', all - logins - looks - batches));
      }
    }
    return rows;
  });
}

module.exports = { title, missing: missingForPulumi, run };
