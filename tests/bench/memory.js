const { readFileSync } = require('node:fs');
const { AgentGateway } = require('./support/agent-gateway');
const { additions, replacement } = require('./support/agent-client');
const { single } = require('./support/measure');
const { missingForLab } = require('./support/needs');
const { withPlaces } = require('./support/places');
const { insideOf } = require('./support/processor');
const { wantedOf, wantedRules } = require('./support/rules');

const title = "The agent's largest resident memory (VmHWM; 1 MB = 1 000 000 bytes), real kernel";

async function run({ quick, say }) {
  const [size, changes] = quick ? [100, 10] : [1000, 100];
  const runs = [];
  for (let round = 0; round < (quick ? 1 : 3); round += 1) {
    runs.push(
      await withPlaces(async (open) => {
        const { agent, client } = await open(AgentGateway.start());
        const pid = insideOf(agent.child.pid, 'agent/main.js');
        const seen = { start: highWater(pid) };
        const rules = wantedRules(size);
        await client.batch(additions(rules));
        seen.loaded = highWater(pid);
        await client.look();
        seen.compared = highWater(pid);
        for (let number = 0; number < changes; number += 1) {
          await client.batch(replacement(rules[number], wantedOf(number, { changed: 1 })));
        }
        seen.changed = highWater(pid);
        await client.look();
        seen.again = highWater(pid);
        say(
          Object.entries(seen)
            .map(([name, value]) => `${name} ${value.toFixed(0)}`)
            .join(', '),
        );
        return seen;
      }),
    );
  }
  const row = (what, name, goal = null) => {
    const values = runs.map((one) => one[name]);
    return single(what, values, { unit: 'MB', goal });
  };
  return [
    row('at start', 'start'),
    row(`after a batch of ${size} rules`, 'loaded'),
    row('and one full compare', 'compared'),
    row(`and ${changes} changes, one by one`, 'changed', 80),
    row('and one more compare', 'again', 80),
  ];
}

/** Megabytes. */
function highWater(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return (Number(/^VmHWM:\s+(\d+) kB/m.exec(status)[1]) * 1024) / 1e6;
}

module.exports = { title, missing: missingForLab, run };
