const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { AgentGateway } = require('./support/agent-gateway');
const { additions, replacement } = require('./support/agent-client');
const { interleave, single } = require('./support/measure');
const { missingForLab } = require('./support/needs');
const { withPlaces } = require('./support/places');
const { insideOf } = require('./support/processor');
const { wantedOf, wantedRules } = require('./support/rules');

const title = "The agent's largest resident memory (VmHWM; 1 MB = 1 000 000 bytes), real kernel";

async function run({ quick, say }) {
  const [size, changes] = quick ? [100, 10] : [1000, 100];
  const rules = wantedRules(size);
  const once = async (env) => {
    const seen = await withPlaces(async (open) => {
      const { agent, client } = await open(AgentGateway.start({ env }));
      const pid = insideOf(agent.child.pid, 'agent/main.js');
      const reached = { start: highWater(pid) };
      await client.batch(additions(rules));
      reached.loaded = highWater(pid);
      await client.look();
      reached.compared = highWater(pid);
      for (let number = 0; number < changes; number += 1) {
        await client.batch(replacement(rules[number], wantedOf(number, { changed: 1 })));
      }
      reached.changed = highWater(pid);
      await client.look();
      reached.again = highWater(pid);
      return reached;
    });
    say(
      Object.entries(seen)
        .map(([name, value]) => `${name} ${value.toFixed(0)}`)
        .join(', '),
    );
    return seen;
  };
  const subjects = { unit: () => once(unitEnvironment()), hand: () => once({}) };
  const taken = await interleave(subjects, { repeats: quick ? 1 : 3 });
  const row = (what, who, name, goal = null) =>
    single(
      what,
      taken[who].map((one) => one[name]),
      { unit: 'MB', goal },
    );
  return [
    row('by its unit: at start', 'unit', 'start'),
    row(`  after a batch of ${size} rules`, 'unit', 'loaded'),
    row('  and one full compare', 'unit', 'compared'),
    row(`  and ${changes} changes, one by one`, 'unit', 'changed', 80),
    row('  and one more compare', 'unit', 'again', 80),
    row('by hand: at start', 'hand', 'start'),
    row('  after all of that', 'hand', 'again', 80),
  ];
}

/** What the systemd unit puts into the agent's environment. */
function unitEnvironment() {
  const unit = readFileSync(
    join(__dirname, '..', '..', 'agent', 'units', 'portforward-agent.service'),
    'utf8',
  );
  const pairs = [...unit.matchAll(/^Environment=(.+)$/gm)].flatMap(([, line]) => line.split(' '));
  return Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
}

/** Megabytes. */
function highWater(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return (Number(/^VmHWM:\s+(\d+) kB/m.exec(status)[1]) * 1024) / 1e6;
}

module.exports = { title, missing: missingForLab, run };
