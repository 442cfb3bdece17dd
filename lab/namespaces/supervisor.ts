import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PortforwardError } from '../../provider/rule/error';
import { guard, guardedEnvironment } from './guard';
import { buildScript } from './network';
import { unshareArguments } from './support';

/**
 * The first process inside the namespaces. It builds the network, then waits for its standard input to end, which
 * happens when this process stops it or dies, however it dies. Then everything inside ends with it.
 */
export interface Supervisor {
  /** Arguments of `nsenter` that lead into its namespaces. */
  readonly enter: readonly string[];
  /** Resolves when it has ended, whatever the cause. */
  readonly ended: Promise<void>;
  /** Ends every process inside, removes the directory, and waits until all is gone. */
  stop(): Promise<void>;
}

/** Starts it; `directory` is the lab's own and is removed at the end. Throws `internal`. */
export async function startSupervisor(directory: string, rootless: boolean): Promise<Supervisor> {
  const script = `${guard}${buildScript()}
echo ready
cat >/dev/null
# Only as the first process of a process namespace of our own does -1 mean "everybody here".
if [ $$ -eq 1 ]; then kill -s KILL -- -1 2>/dev/null || true; fi
rm -rf -- "$1"
`;
  const child = spawn(
    'unshare',
    [...unshareArguments(rootless), 'sh', '-euc', script, 'lab', directory],
    // A group of its own: Ctrl-C on the terminal reaches the launcher, which then stops the lab in order.
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env: guardedEnvironment(), cwd: '/' },
  );
  const ended = once(child, 'close').then(() => undefined);
  await ready(child);
  const at = `/proc/${child.pid}/ns`;
  return {
    enter: [
      ...(rootless ? [`--user=${at}/user`, '--preserve-credentials'] : []),
      `--net=${at}/net`,
      `--mount=${at}/mnt`,
      `--pid=${at}/pid_for_children`,
    ],
    ended,
    async stop() {
      child.stdin?.end();
      await ended;
    },
  };
}

async function ready(child: ChildProcess): Promise<void> {
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-4000);
  });
  child.stdin?.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('ready')) resolve();
    });
    child.once('error', reject);
    child.once('close', (code) =>
      reject(
        new PortforwardError(
          'internal',
          `The lab's network could not be built: ${complaint.trim() || code}`,
          {
            hint: 'Run `portforward lab status` to see what this machine lacks.',
          },
        ),
      ),
    );
  });
}
