import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { RunProgram } from '../engine';

/** Runs a program on this machine itself. */
export const runHere: RunProgram = async (argv, { cwd, env }) => {
  const [command = '', ...rest] = argv;
  const child = spawn(command, rest, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
};
