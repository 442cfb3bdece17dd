const { readFileSync } = require('node:fs');

/** Clock ticks of Linux are always 10 ms here (USER_HZ of proc(5)). */
const TICK = 10;

/** Milliseconds of processor time that a process and its ended children have used: a busy machine hardly changes it. */
function processorTime(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold anything, so count from its end: utime, stime, cutime, cstime are fields 14 to 17.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return { own: (fields[11] + fields[12]) * TICK, children: (fields[13] + fields[14]) * TICK };
}

/** The process inside the lab behind the `nsenter` that leads there. */
function insideOf(pid, script) {
  const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);
  if (readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(script)) return child;
  throw new Error(`the process of ${script} was not found`);
}

module.exports = { insideOf, processorTime };
