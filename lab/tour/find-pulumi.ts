import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { PortforwardError } from '../../provider/rule/error';

/** The npm package that fetches the official CLI of its own version at its first call. */
const DOWNLOADER = 'pulumi@3.265.0';

/** Fetches the CLI. */
export const FETCH = `npm exec --yes ${DOWNLOADER} version`;

/**
 * The directory of a Pulumi CLI and of its language host: from PATH, else the newest in `~/.pulumi/versions`, else
 * fetched by the official npm package `pulumi`, asked for on a terminal. Throws `unsupported` with what to do.
 */
export async function findPulumi(
  install: boolean,
  say: (text: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const found = presentPulumi(env);
  if (found) return found;
  const hint = `Install it (https://www.pulumi.com/docs/install/) or run \`${FETCH}\` with the internet at hand, then \`npm start\` again.`;
  if (!install)
    throw new PortforwardError('unsupported', 'There is no Pulumi CLI on this machine.', { hint });
  say(
    `There is no Pulumi CLI on this machine. The official npm package fetches it into ~/.pulumi (about 200 MB):`,
  );
  say(`  ${FETCH}`);
  if (!(await agreed())) {
    throw new PortforwardError('unsupported', 'The Pulumi CLI was not to be fetched.', { hint });
  }
  spawnSync('npm', FETCH.split(' ').slice(1), {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...env, npm_config_update_notifier: 'false' },
    timeout: 600_000,
  });
  const fetched = inVersions(env);
  if (fetched) return fetched;
  throw new PortforwardError('unsupported', 'The Pulumi CLI could not be fetched.', { hint });
}

/** The directory of a Pulumi CLI and its language host that is on this machine already, or undefined. */
export function presentPulumi(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return onPath(env) ?? inVersions(env);
}

function onPath(env: NodeJS.ProcessEnv): string | undefined {
  return (env.PATH ?? '').split(delimiter).find((dir) => dir !== '' && isCli(dir));
}

function inVersions(env: NodeJS.ProcessEnv): string | undefined {
  const base = join(env.PULUMI_HOME ?? join(homedir(), '.pulumi'), 'versions');
  if (!existsSync(base)) return undefined;
  return readdirSync(base)
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((version) => join(base, version, 'bin'))
    .find(isCli);
}

/** The npm package puts a `pulumi` of its own on PATH that brings no language host: that one does not count. */
function isCli(dir: string): boolean {
  return existsSync(join(dir, 'pulumi')) && existsSync(join(dir, 'pulumi-language-nodejs'));
}

async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('Fetch it now? [Y/n] ');
  terminal.close();
  return !/^n/i.test(answer.trim());
}
