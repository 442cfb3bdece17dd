const { compare, interleave, single } = require('../support/measure');

/**
 * An apply from nothing and the destroy of it all; floor: the same provider over sessions that do nothing. `standing` is
 * measured once, while all rules stand, and its rows come along.
 */
async function measureWrites({ engine, count, ours, empty, counting, client, quick, say }, standing) {
  const rows = [];
  const life = (name, project, between) => async (round) => {
    project.forget();
    await client.clear();
    counting.taken();
    const apply = await project.apply();
    const applied = counting.taken();
    if (round === 0) rows.push(...(await between()));
    counting.taken();
    const destroy = await project.destroy();
    const destroyed = counting.taken();
    say(`${name}: apply ${(apply / 1000).toFixed(1)} s, destroy ${(destroy / 1000).toFixed(1)} s`);
    return { apply, destroy, counts: { apply: applied, destroy: destroyed } };
  };
  const taken = await interleave(
    { ours: life('ours', ours, standing), empty: life('empty', empty, async () => []) },
    { repeats: quick ? 1 : 3, seconds: 300, least: 1 },
  );
  for (const part of ['apply', 'destroy']) {
    const seconds = (who) => taken[who].map((one) => one[part] / 1000);
    rows.push(
      compare(`${engine}: ${part}, ${count} rules`, seconds('ours'), seconds('empty'), {
        unit: 's',
        goal: 1.5,
      }),
    );
    const counts = taken.ours.map((one) => one.counts[part]);
    const row = (what, read, goal = null) => single(what, counts.map(read), { unit: '', goal });
    rows.push(
      row('  batches', ({ batches }) => batches),
      row('  looks', ({ looks }) => looks),
      // The plan that the command begins with may make two.
      row('  looks beside two a batch', ({ looks, batches }) => looks - 2 * batches, 2),
    );
  }
  return rows;
}

module.exports = { measureWrites };
