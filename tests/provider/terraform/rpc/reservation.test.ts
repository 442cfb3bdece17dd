import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..', '..');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pf-reserve-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Arguments of node that run a script with `reserve` in a process of its own, as a child of this one. */
function script(text: string): string[] {
  const load = `const { reserve } = require(${JSON.stringify(join(root, 'provider/terraform/rpc/reservation.ts'))});`;
  return ['--require', join(root, 'tests/agent/support/typescript.js'), '--eval', `${load}${text}`];
}

const env = () => ({ ...process.env, TMPDIR: directory });

function tries(text: string): string {
  const guarded = `try { ${text}; console.log('has it'); } catch (error) { console.log(error.message); }`;
  return execFileSync(process.execPath, script(guarded), { env: env(), encoding: 'utf8' }).trim();
}

const TAKE = `reserve(7, 'home', 'agent:/a', 'one')`;

test('one process has it until it ends, however often it asks', async () => {
  const holder = spawn(
    process.execPath,
    script(`${TAKE}; ${TAKE}; console.log('has it'); process.stdin.resume();`),
    {
      env: env(),
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  await once(holder.stdout, 'data');
  expect(tries(TAKE)).toMatch(
    /^Another provider configuration of this run is for the same gateway, agent:\/a/,
  );
  // Another run, another owner, another gateway.
  for (const other of [
    `reserve(8, 'home', 'agent:/a', '')`,
    `reserve(7, 'work', 'agent:/a', '')`,
    `reserve(7, 'home', 'agent:/b', '')`,
  ])
    expect(tries(other)).toBe('has it');
  const ended = once(holder, 'exit');
  holder.stdin.end();
  await ended;
  expect(readdirSync(directory)).toEqual([]);
  expect(tries(TAKE)).toBe('has it');
});

test('a killed one has it no more, and neither has one who never was', async () => {
  const holder = spawn(
    process.execPath,
    script(`${TAKE}; console.log('has it'); setInterval(() => 0, 1000);`),
    {
      env: env(),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await once(holder.stdout, 'data');
  const [file = ''] = readdirSync(directory);
  const ended = once(holder, 'exit');
  holder.kill('SIGKILL');
  await ended;
  expect(existsSync(join(directory, file))).toBe(true);
  expect(tries(TAKE)).toBe('has it');
  for (const text of ['', 'nonsense', '-1']) {
    writeFileSync(join(directory, file), text);
    expect(tries(TAKE)).toBe('has it');
  }
});

test('where nothing can be written everybody has it', () => {
  rmSync(directory, { recursive: true });
  expect(tries(TAKE)).toBe('has it');
});
