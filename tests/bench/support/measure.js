const { loadavg } = require('node:os');

/** Load of the last minute: on a busy machine every time is too long, and a ratio less sure. */
function load() {
  return Number(loadavg()[0].toFixed(1));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Runs the subjects in turn, `repeats` times, every second time in reverse, so that what else the machine does hits all
 * of them alike. A subject answers with a number, or with several by name. After `seconds` no further round begins, but
 * `least` rounds are always made (fewer only if `repeats` says so). Returns the numbers of each subject.
 */
async function interleave(subjects, { repeats, seconds = 240, least = 3 }) {
  const taken = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  const until = performance.now() + seconds * 1000;
  for (let round = 0; round < repeats; round += 1) {
    if (round >= least && performance.now() > until) break;
    const names = Object.keys(subjects);
    for (const name of round % 2 === 0 ? names : names.reverse()) {
      taken[name].push(await subjects[name](round));
    }
  }
  return taken;
}

/** Milliseconds that the work takes. */
async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** One line of a table: a measured value, its floor from the same rounds, and the goal of their ratio. */
function compare(what, values, floors, { unit = 'ms', goal = null, note } = {}) {
  const [value, floor] = [median(values), median(floors)];
  const best = Math.min(...values) / Math.min(...floors);
  return { what, value, unit, floor, ratio: value / floor, best, goal, note, values, floors };
}

/** One line without a floor; `goal` = the most that the value may be. */
function single(what, values, { unit = 'ms', goal = null, note } = {}) {
  return { what, value: median(values), unit, floor: null, ratio: null, best: null, goal, note, values };
}

module.exports = { compare, interleave, load, median, single, timed };
