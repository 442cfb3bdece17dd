/** Runs the work; with its result the milliseconds it took, and those of this process's processor. */
async function measured(work) {
  const before = process.cpuUsage();
  const start = performance.now();
  const result = await work();
  const time = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { time, processor: (user + system) / 1000, result };
}

module.exports = { measured };
