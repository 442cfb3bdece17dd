import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { guard, guardedEnvironment } from './guard';
import type { Host } from './network';

export interface RunOptions {
  /** Added to this process's environment. `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Working directory on the common file system. Default `/`. */
  readonly cwd?: string;
  /** Text for standard input. Default: none. */
  readonly input?: string;
  /** Ends the command. */
  readonly signal?: AbortSignal;
}

export interface RunResult {
  /** Exit status; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Checks where it is, moves to the directory and becomes the command. */
const enterScript = `${guard}cd -- "$1" && shift && exec "$@"`;

/** Starts a command on a host of the lab, as the leader of a session of its own unless it is for the terminal. */
export function spawnInside(
  enter: readonly string[],
  host: Host,
  argv: readonly string[],
  options: RunOptions & { readonly stdio?: StdioOptions; readonly terminal?: boolean } = {},
): ChildProcess {
  const script = [
    'sh',
    '-c',
    enterScript,
    'lab',
    options.cwd ?? '/',
    ...(options.terminal ? [] : ['setsid']),
  ];
  return spawn('nsenter', [...enter, 'ip', 'netns', 'exec', host, ...script, ...argv], {
    stdio: options.stdio ?? ['pipe', 'pipe', 'pipe'],
    // Out of reach of the terminal's Ctrl-C, which the launcher answers by stopping all in order.
    detached: !options.terminal,
    env: guardedEnvironment({ ...process.env, ...options.env }),
  });
}

/**
 * Signals the command and all it started, and lets `nsenter` outside see it end: were `nsenter` killed itself, its
 * child would fall to this machine's init, and the lab could not end before that cares. False when it has ended.
 */
export function endGroup(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): boolean {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return false;
  const inside = childOf(child.pid);
  // The group exists once `setsid` ran; before that there is one process.
  return inside === null ? send(child.pid, signal) : send(-inside, signal) || send(inside, signal);
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** The one child of a process, by its number out here. */
function childOf(pid: number): number | null {
  const list = `/proc/${pid}/task/${pid}/children`;
  if (existsSync(list)) return Number(readFileSync(list, 'utf8').split(' ')[0]) || null;
  for (const entry of readdirSync('/proc')) {
    if (/^\d+$/.test(entry) && parentOf(entry) === pid) return Number(entry);
  }
  return null;
}

function parentOf(pid: string): number | null {
  try {
    // The name in brackets may hold anything, so count from its end (proc(5), field 4).
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** Runs a command on a host of the lab to its end. A status other than 0 is an answer, not an error. */
export async function runInside(
  enter: readonly string[],
  host: Host,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const child = spawnInside(enter, host, argv, options);
  const stop = () => endGroup(child, 'SIGKILL');
  options.signal?.addEventListener('abort', stop, { once: true });
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input ?? '');
  const [stdout, stderr, [code]] = await Promise.all([
    collect(child.stdout),
    collect(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  options.signal?.removeEventListener('abort', stop);
  options.signal?.throwIfAborted();
  return { code, stdout, stderr };
}

async function collect(stream: NodeJS.ReadableStream | null): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
