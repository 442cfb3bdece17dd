// `npm test`: sets the machine up, then formatter, linter, compiler and every suite that this machine can run.
// At the end it names what was left out and why, and prints the true totals on a line of their own.
const { spawnSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, existsSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { setUp, run, say, root, SetupError, TEST_TOOLS } = require('./setup');

const bin = (name) => join(root, 'node_modules', ...name);

/** Each gate counts as one test of its own. */
const GATES = [
  ['formatter and linter', bin(['@biomejs', 'biome', 'bin', 'biome']), ['check', '--error-on-warnings', '.']],
  ['compiler', bin(['typescript', 'bin', 'tsc']), ['--noEmit', '-p', 'tsconfig.json']],
  ['compiler on the bindings', bin(['typescript', 'bin', 'tsc']), ['--noEmit', '-p', 'sdk/generated']],
];

function jest(args) {
  const directory = mkdtempSync(join(tmpdir(), 'portforward-test-'));
  const file = join(directory, 'results.json');
  const jestArgs = [
    bin(['jest', 'bin', 'jest.js']),
    '--json',
    `--outputFile=${file}`,
    '--maxWorkers=2',
    ...args,
  ];
  spawnSync(process.execPath, jestArgs, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  rmSync(directory, { recursive: true, force: true });
  return results;
}

function leftOut(results) {
  return results.testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => test.status === 'pending')
      .map((test) => `${test.ancestorTitles.join(' > ')}: ${test.title}`),
  );
}

async function main() {
  const args = process.argv.slice(2);
  const own = new Set(['--no-install']);
  await setUp({ install: !args.includes('--no-install'), tools: TEST_TOOLS });
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  for (const [name, script, gateArgs] of GATES) {
    const ok = run(process.execPath, [script, ...gateArgs]) === 0;
    totals[ok ? 'passed' : 'failed'] += 1;
    say(`${ok ? 'ok' : 'FAILED'}  ${name}`);
    if (!ok) failures.push(name);
  }
  const results = jest(args.filter((arg) => !own.has(arg)));
  if (results === null) {
    totals.failed += 1;
    failures.push('jest ended without results');
  } else {
    totals.passed += results.numPassedTests;
    totals.failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
    totals.skipped += results.numPendingTests + results.numTodoTests;
    if (results.numTotalTests === 0) {
      totals.failed += 1;
      failures.push('jest ran no test');
    }
    for (const file of results.testResults) {
      for (const test of file.assertionResults) if (test.status === 'failed') failures.push(test.fullName);
      if (file.assertionResults.length === 0 && file.status === 'failed')
        failures.push(file.name.replace(`${root}/`, ''));
    }
    const missing = leftOut(results);
    console.log(
      missing.length === 0
        ? '\nNothing was left out.'
        : `\nLeft out on this machine:\n  ${missing.join('\n  ')}`,
    );
  }
  if (failures.length > 0) console.log(`\nFailed:\n  ${failures.join('\n  ')}`);
  console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  process.exitCode = totals.failed === 0 ? 0 : 1;
}

main().catch((error) => {
  say(error instanceof SetupError ? error.message : (error.stack ?? String(error)));
  console.log('\n0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
});
