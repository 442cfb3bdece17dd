const { AgentGateway } = require('./support/agent-gateway');
const { compare, interleave } = require('./support/measure');
const { missingForPulumi } = require('./support/needs');
const { withPlaces } = require('./support/places');
const { insideOf, processorTime } = require('./support/processor');
const { emptyProgram, rulesProgram } = require('./support/programs');
const { PulumiProject } = require('./support/pulumi-project');

const title =
  'Pulumi, real CLI, real agent; floor: the same engine with as many dynamic resources that do nothing';

/** What docs and tour pass; the engine's own default is four times the cores. */
const WIDE = ['--parallel', '64'];

async function run({ quick, rules, say }) {
  const size = rules ?? (quick ? 50 : 1000);
  return withPlaces(async (open) => {
    const { lab, agent, client } = await open(AgentGateway.start());
    const ours = await PulumiProject.create(lab, 'ours', { 'index.js': rulesProgram(agent.socket, size) });
    const empty = await PulumiProject.create(lab, 'empty', emptyProgram(size));
    const pid = insideOf(agent.child.pid, 'agent/main.js');
    const spent = () => processorTime(process.pid).children + total(processorTime(pid));
    const lifecycle = (name, project, args, clear) => async () => {
      project.forget();
      await clear();
      const start = spent();
      const up = await project.up(...args);
      const between = spent();
      const refresh = await project.refresh(...args);
      const processor = { up: between - start, refresh: spent() - between };
      say(`${name}: up ${inSeconds(up)}, refresh ${inSeconds(refresh)}`);
      return { up, refresh, processor };
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
    const rows = (width, goal) =>
      Object.entries({ up: 'up', refresh: 'preview --refresh' }).flatMap(([part, command]) => {
        const seconds = (who, read) => taken[width][who].map((one) => read(one) / 1000);
        const row = (what, read, more) =>
          compare(what, seconds('ours', read), seconds('empty', read), { unit: 's', ...more });
        return [
          row(`${command}, ${size} rules, --parallel ${width}`, (one) => one[part], { goal }),
          row('  processor time of it', (one) => one.processor[part]),
        ];
      });
    return [...rows('64', 1.25), ...rows('default', null)];
  });
}

const inSeconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
const total = ({ own, children }) => own + children;

module.exports = { title, missing: missingForPulumi, run };
