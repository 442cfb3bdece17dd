const { AgentGateway } = require('./support/agent-gateway');
const { compare, interleave } = require('./support/measure');
const { missingForPulumi } = require('./support/needs');
const { withPlaces } = require('./support/places');
const { emptyProgram, rulesProgram } = require('./support/programs');
const { PulumiProject } = require('./support/pulumi-project');

const title =
  'Pulumi, real CLI, real agent; floor: the same engine with as many dynamic resources that do nothing';

/** What docs and tour pass; the engine's own default is four times the cores. */
const WIDE = ['--parallel', '64'];

async function run({ quick, say }) {
  const size = quick ? 50 : 1000;
  return withPlaces(async (open) => {
    const { lab, agent, client } = await open(AgentGateway.start());
    const ours = await PulumiProject.create(lab, 'ours', { 'index.js': rulesProgram(agent.socket, size) });
    const empty = await PulumiProject.create(lab, 'empty', emptyProgram(size));
    const lifecycle = (name, project, args, clear) => async () => {
      project.forget();
      await clear();
      const up = await project.up(...args);
      const refresh = await project.refresh(...args);
      say(`${name}: up ${(up / 1000).toFixed(1)} s, refresh ${(refresh / 1000).toFixed(1)} s`);
      return { up, refresh };
    };
    const pair = (width, args, limits) =>
      interleave(
        {
          ours: lifecycle(`ours ${width}`, ours, args, () => client.clear()),
          empty: lifecycle(`empty ${width}`, empty, args, async () => undefined),
        },
        limits,
      );
    const taken = {
      64: await pair('64', WIDE, { repeats: quick ? 2 : 5, seconds: 360, least: 1 }),
      default: await pair('default', [], { repeats: quick ? 1 : 3, seconds: 150, least: 1 }),
    };
    const row = (command, part, width, goal) => {
      const of = (who) => taken[width][who].map((one) => one[part] / 1000);
      return compare(`${command}, ${size} rules, --parallel ${width}`, of('ours'), of('empty'), {
        unit: 's',
        goal,
      });
    };
    return [
      row('up', 'up', '64', 1.25),
      row('preview --refresh', 'refresh', '64', 1.25),
      row('up', 'up', 'default', null),
      row('preview --refresh', 'refresh', 'default', null),
    ];
  });
}

module.exports = { title, missing: missingForPulumi, run };
