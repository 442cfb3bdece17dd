function number(value) {
  if (value === null || value === undefined) return '';
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}

/** Whether a line reaches its goal: of the ratio where there is a floor, of the value where there is none. */
function verdict({ goal, ratio, value }) {
  if (goal === null) return '';
  return (ratio ?? value) <= goal ? 'ok' : 'MISSED';
}

function table(head, lines) {
  const rows = [head, ...lines];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function goalOf({ goal, ratio, unit }) {
  if (goal === null) return '';
  return ratio === null ? `<= ${goal} ${unit}`.trim() : `<= ${goal}x`;
}

function printMachine(machine) {
  for (const [name, value] of Object.entries(machine)) console.log(`${name.padEnd(12)}  ${value}`);
}

function printTopic({ title, rows, missing, error, load, seconds }) {
  console.log(`\n${title}`);
  if (missing !== null) return console.log(`  left out: ${missing}`);
  if (error !== undefined) return console.log(`  could not be measured: ${error}`);
  const lines = rows.map((row) => [
    `  ${row.what}`,
    `${number(row.value)} ${row.unit}`.trim(),
    row.floor === null ? '' : `${number(row.floor)} ${row.unit}`.trim(),
    row.ratio === null ? '' : `${row.ratio.toFixed(2)}x`,
    row.best === null ? '' : `${row.best.toFixed(2)}x`,
    String(row.values.length),
    goalOf(row),
    row.verdict,
  ]);
  console.log(table(['', 'median', 'floor', 'ratio', 'of bests', 'n', 'goal', ''], lines));
  for (const { what, note } of rows) if (note) console.log(`  ${what}: ${note}`);
  console.log(`  (${seconds} s; load ${load.join(' -> ')})`);
}

function printSummary(results) {
  const missed = results.flatMap(({ rows }) => rows.filter((row) => row.verdict === 'MISSED'));
  const left = results.filter(({ missing }) => missing !== null);
  const broken = results.filter(({ error }) => error !== undefined);
  console.log(`\n${missed.length === 0 ? 'No goal missed.' : `Goals missed: ${missed.length}`}`);
  for (const row of missed)
    console.log(`  ${row.what}: ${number(row.ratio ?? row.value)}, goal ${goalOf(row)}`);
  for (const { name, missing } of left) console.log(`Left out: ${name}: ${missing}`);
  for (const { name } of broken) console.log(`Could not be measured: ${name}`);
}

module.exports = { printMachine, printSummary, printTopic, verdict };
