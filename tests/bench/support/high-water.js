// Loaded into a provider before its own code: leaves behind the most memory that the process has had, in kB.
const { appendFileSync, readFileSync } = require('node:fs');

process.on('exit', () => {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
  appendFileSync(process.env.BENCH_HIGH_WATER, `${kilobytes}\n`);
});
