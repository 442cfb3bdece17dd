const { compare, interleave, single } = require('../support/measure');
const { insideOf, processorTime } = require('../support/processor');

/**
 * Plans that find nothing to do, of rules that stand; floor: as many of the engine's built-in `terraform_data`. Of the most
 * rules also what a plan asks of the gateway, and the memory that the provider takes.
 */
async function measurePlans({ engine, count, ours, data, counting, agent, quick, largest, say }) {
  await data.apply();
  const pid = insideOf(agent.child.pid, 'agent/main.js');
  const spent = () => {
    const own = processorTime(pid);
    return processorTime(process.pid).children + own.own + own.children;
  };
  const planOf = (name, project) => async () => {
    const begun = spent();
    const took = await project.plan();
    say(`${name}: plan ${(took / 1000).toFixed(1)} s`);
    return { took, processor: spent() - begun };
  };
  const taken = await interleave(
    { ours: planOf('ours', ours), data: planOf('terraform_data', data) },
    { repeats: quick ? 2 : 7, seconds: 90 },
  );
  const of = (who, part) => taken[who].map((one) => one[part]);
  const what = `${engine}: plan without changes, ${count} ${count === 1 ? 'rule' : 'rules'}`;
  const rows = [compare(what, of('ours', 'took'), of('data', 'took'), { goal: largest ? 2.5 : null })];
  if (!largest) return rows;
  rows.push(compare('  processor time of it', of('ours', 'processor'), of('data', 'processor')));
  for (const [name, go] of Object.entries({ plan: () => ours.plan(), refresh: () => ours.refresh() })) {
    counting.taken();
    await go();
    rows.push(single(`  looks of one ${name}`, [counting.taken().looks], { unit: '', goal: 2 }));
  }
  rows.push(single('  memory of the provider (VmHWM)', [await ours.memory()], { unit: 'MB' }));
  return rows;
}

module.exports = { measurePlans };
