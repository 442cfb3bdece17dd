const { AgentGateway } = require('./support/agent-gateway');
const { additions, replacement } = require('./support/agent-client');
const { compare, interleave, timed } = require('./support/measure');
const { missingForLab } = require('./support/needs');
const { withPlaces } = require('./support/places');
const { RawGateway } = require('./support/raw-gateway');
const { wantedOf, wantedRules } = require('./support/rules');

const title =
  'One rule of many changes its target, at the agent; floor: the same steps by their bare commands';

/** What such a change cannot do without. */
const STEPS = ['addresses', 'check', 'apply', 'flows', 'state'];

async function run({ quick, say }) {
  const sizes = quick ? [10, 100] : [10, 100, 1000];
  return withPlaces(async (open) => {
    const subjects = {};
    for (const size of sizes) {
      const rules = wantedRules(size);
      const ours = await open(AgentGateway.start());
      const raw = await open(RawGateway.start());
      await ours.client.batch(additions(rules));
      await raw.hold(rules);
      subjects[`ours ${size}`] = changing(rules, (before, after) =>
        timed(() => ours.client.batch(replacement(before, after))),
      );
      subjects[`raw ${size}`] = changing(rules, async (_before, _after, from, to) => {
        const { sum } = await raw.change(from, to, STEPS);
        return sum;
      });
      say(`${size} rules are in place`);
    }
    const taken = await interleave(subjects, { repeats: quick ? 5 : 31, seconds: 150 });
    const [first, last] = [sizes[0], sizes.at(-1)];
    return [
      ...sizes.map((size) =>
        compare(`one change at ${size} rules`, taken[`ours ${size}`], taken[`raw ${size}`], {
          goal: 1.3,
          note: size === first ? `floor: ${STEPS.join(', ')}` : undefined,
        }),
      ),
      compare(`${last} rules against ${first}`, taken[`ours ${last}`], taken[`ours ${first}`], {
        goal: 1.3,
        note: 'flat: the floor is our own change at the fewest rules',
      }),
      compare(`the bare commands, ${last} against ${first}`, taken[`raw ${last}`], taken[`raw ${first}`]),
    ];
  });
}

/** Each call changes another rule of the set, from what it is to what it was not yet. */
function changing(rules, change) {
  const now = [...rules];
  let count = 0;
  return async () => {
    count += 1;
    const at = (count * 7) % now.length;
    const [before, from] = [now[at], [...now]];
    now[at] = wantedOf(at, { changed: count });
    return change(before, now[at], from, now);
  };
}

module.exports = { title, missing: missingForLab, run };
