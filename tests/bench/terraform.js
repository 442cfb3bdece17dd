const { join } = require('node:path');
const { hclEngines, presentHcl } = require('../../dist/lab/tour/find-hcl');
const { AgentGateway } = require('./support/agent-gateway');
const { CountingSocket } = require('./support/counting-socket');
const { HclProject } = require('./support/hcl-project');
const { dataProgram, rulesProgram } = require('./support/hcl-programs');
const { missingForHcl } = require('./support/needs');
const { withPlaces } = require('./support/places');
const { measurePlans } = require('./terraform/plans');
const { measureStart } = require('./terraform/start');
const { measureWrites } = require('./terraform/writes');

const title = 'Terraform and OpenTofu, real engines, the installed bundle, real agent, -parallelism=64';

async function run({ quick, rules, say }) {
  const size = rules ?? (quick ? 20 : 1000);
  const rows = await measureStart({ quick });
  say('start done');
  for (const engine of hclEngines.filter((name) => presentHcl(name) !== undefined))
    for (const count of new Set([1, Math.min(100, size), size]))
      rows.push(...(await ofSize(engine, count, { largest: count === size, quick, say })));
  return rows;
}

/** Everything that is measured of so many rules; writes, requests and memory only of the most. */
function ofSize(engine, count, { largest, quick, say }) {
  const tell = (text) => say(`${engine}, ${count}: ${text}`);
  return withPlaces(async (open) => {
    const { lab, agent, client } = await open(AgentGateway.start());
    const socket = join(lab.directory, 'counted.sock');
    const counting = await open(CountingSocket.listen(socket, agent.socket));
    const project = (name, program, provider) => new HclProject(lab, engine, name, program, provider);
    const ours = project('ours', rulesProgram(socket, count), 'installed');
    const data = project('data', dataProgram(count), null);
    const place = { engine, count, ours, data, counting, client, agent, quick, largest, say: tell };
    if (largest) {
      const empty = project('empty', rulesProgram(socket, count), 'empty');
      return measureWrites({ ...place, empty }, () => measurePlans(place));
    }
    await ours.apply();
    return measurePlans(place);
  });
}

module.exports = { title, missing: missingForHcl, run };
