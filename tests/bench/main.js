// Runs the topics one after the other and prints what they measured; see docs/performance.md.
const { readOptions, USAGE } = require('./support/options');
const { describeMachine } = require('./support/machine');
const { load } = require('./support/measure');
const { printMachine, printTopic, printSummary, verdict } = require('./support/report');

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return void console.log(USAGE);
  const machine = await describeMachine();
  const say = (text) => process.stderr.write(`${text}\n`);
  if (!options.json) printMachine(machine);
  const results = [];
  for (const name of options.only) {
    const topic = require(`./${name}`);
    const result = {
      name,
      title: topic.title,
      load: [load()],
      seconds: 0,
      missing: await topic.missing(),
      rows: [],
    };
    const started = performance.now();
    if (result.missing === null) {
      try {
        result.rows = await topic.run({
          quick: options.quick,
          rules: options.rules,
          say: (text) => say(`  ${name}: ${text}`),
        });
        for (const row of result.rows) row.verdict = verdict(row);
      } catch (error) {
        result.error = error.stack ?? String(error);
      }
    }
    result.seconds = Math.round((performance.now() - started) / 1000);
    result.load.push(load());
    results.push(result);
    if (!options.json) printTopic(result);
  }
  if (options.json) console.log(JSON.stringify({ machine, quick: options.quick, topics: results }, null, 2));
  else printSummary(results);
  // A goal that is missed is a finding, not a failure; what could not be measured at all is one.
  if (results.some(({ error }) => error !== undefined)) process.exitCode = 1;
}

main().catch((error) => {
  console.error(error.usage ? `${error.message}\n\n${USAGE}` : (error.stack ?? String(error)));
  process.exitCode = error.usage ? 2 : 1;
});
