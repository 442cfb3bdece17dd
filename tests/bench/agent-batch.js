const { AgentGateway } = require('./support/agent-gateway');
const { additions } = require('./support/agent-client');
const { compare, interleave, single, timed } = require('./support/measure');
const { missingForLab } = require('./support/needs');
const { withPlaces } = require('./support/places');
const { insideOf, processorTime } = require('./support/processor');
const { RawGateway } = require('./support/raw-gateway');
const { wantedRules } = require('./support/rules');

const title =
  "A batch at the agent, in the real kernel; floor: the same nft -c, apply and read-back by nft's command";

async function run({ quick, say }) {
  const size = quick ? 100 : 1000;
  const rules = wantedRules(size);
  return withPlaces(async (open) => {
    const [ours, raw] = [await open(AgentGateway.start()), await open(RawGateway.start())];
    const agent = insideOf(ours.agent.child.pid, 'agent/main.js');
    const taken = await interleave(
      {
        ours: async () => {
          await ours.client.clear();
          const before = processorTime(agent);
          const apply = await timed(() => ours.client.batch(additions(rules)));
          const look = await timed(() => ours.client.look());
          const after = processorTime(agent);
          const [own, children] = [after.own - before.own, after.children - before.children];
          say(`${Math.round(apply)} + ${Math.round(look)} ms, processor ${own} + ${children} ms`);
          return { apply, look, both: apply + look, own, processor: own + children };
        },
        raw: async () => {
          await raw.hold([]);
          const { check, apply, list, processor } = await raw.change([], rules, ['check', 'apply', 'list']);
          say(
            `floor ${Math.round(check + apply)} + ${Math.round(list)} ms, processor ${Math.round(processor)} ms`,
          );
          return { apply: check + apply, look: list, both: check + apply + list, processor };
        },
      },
      { repeats: quick ? 3 : 11, seconds: 120 },
    );
    const of = (who, part) => taken[who].map((one) => one[part]);
    const row = (what, part, more) => compare(what, of('ours', part), of('raw', part), more);
    return [
      row(`${size} rules: batch and look`, 'both', { goal: 1.3 }),
      row('  of it the batch', 'apply', { note: 'floor: nft -c and apply' }),
      row('  of it the look', 'look', { note: 'floor: nft -j list table' }),
      row('  processor time of all', 'processor', { note: 'hardly changed by what else the machine does' }),
      single('  of it in the agent itself', of('ours', 'own')),
    ];
  });
}

module.exports = { title, missing: missingForLab, run };
