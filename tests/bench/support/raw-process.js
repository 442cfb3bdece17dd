// Runs inside the lab's gateway: the bare commands that a change cannot do without, timed one by one.
const { spawn } = require('node:child_process');
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { open, rename } = require('node:fs/promises');
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const { refuseOutsideLab } = require('../../../dist/lab/namespaces/guard');
const { compile } = require('../../../dist/agent/kernel/compile');
const { readNetwork } = require('../../../dist/agent/kernel/ip');
const { DEFAULT_MARK, FAMILY, TABLE } = require('../../../dist/agent/kernel/names');
const { wanAddresses4 } = require('../../../dist/agent/kernel/network');
const { batchText, transaction, wholeTable } = require('../../../dist/agent/kernel/transaction');
const { processorTime } = require('./processor');

refuseOutsideLab();

const directory = process.argv[2];
const batch = join(directory, 'batch.json');
const state = join(directory, 'state.json');
mkdirSync(directory, { recursive: true, mode: 0o700 });

/** Runs a command to its end and keeps what it prints, as any program would that needs the answer. */
function run(command, ...argv) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err] = [[], []];
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => err.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      const words = Buffer.concat(err).toString();
      if (code === 0 || /\b0 flow entries\b/.test(words)) resolve(Buffer.concat(out).toString());
      else reject(new Error(`${command} ${argv.join(' ')}: ${words}`));
    });
  });
}

/** A file that survives a power cut: written, fsynced, renamed, the directory fsynced. */
async function keep(text) {
  const file = await open(`${state}.tmp`, 'w', 0o600);
  await file.writeFile(text);
  await file.sync();
  await file.close();
  await rename(`${state}.tmp`, state);
  const place = await open(directory, 'r');
  await place.sync();
  await place.close();
}

const steps = {
  addresses: () => run('ip', '-j', 'address'),
  check: () => run('nft', '-c', '-j', '-f', batch),
  apply: () => run('nft', '-j', '-f', batch),
  flows: ({ network }) =>
    Promise.all(
      wanAddresses4(network).map((to) => run('conntrack', '-L', '-f', 'ipv4', '-p', 'tcp', '--orig-dst', to)),
    ),
  state: ({ to }) => keep(JSON.stringify(to)),
  list: () => run('nft', '-j', 'list', 'table', FAMILY, TABLE),
};

const compiled = (rules) => compile(rules, DEFAULT_MARK);

async function answer(request) {
  const network = await readNetwork(['wan0', 'wan1']);
  if (request.op === 'hold') {
    const options = { mark: DEFAULT_MARK, epoch: '0'.repeat(16), seeds: new Map() };
    writeFileSync(batch, batchText(wholeTable(compiled(request.rules), network, options)));
    await steps.apply();
    return { bytes: readFileSync(batch).length };
  }
  const { from, to } = request;
  const [before, after] = [compiled(from), compiled(to)];
  writeFileSync(batch, batchText(transaction(before, after, network)));
  const times = {};
  let sum = 0;
  const began = processorTime(process.pid);
  for (const name of request.steps) {
    const start = performance.now();
    await steps[name]({ network, to });
    times[name] = performance.now() - start;
    sum += times[name];
  }
  const ended = processorTime(process.pid);
  const processor = ended.own + ended.children - began.own - began.children;
  return { ...times, sum, processor };
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    answer(JSON.parse(line)).then(
      (result) => process.stdout.write(`${JSON.stringify(result)}\n`),
      (error) => process.stdout.write(`${JSON.stringify({ error: error.message })}\n`),
    );
  })
  .on('close', () => process.exit(0));
