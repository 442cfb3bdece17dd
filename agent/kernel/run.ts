import { spawn } from 'node:child_process';
import { PortforwardError } from '../../provider/rule/error';

/** What a finished command said. */
export interface Output {
  /** Exit status; a signal counts as 128 and more. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** 50 000 forwards list to 25 MB. */
const LIMIT_BYTES = 128 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

/** Debian keeps nft, ip and conntrack where an ordinary user's PATH does not look. */
export function environment(): NodeJS.ProcessEnv {
  const path = [process.env.PATH, '/usr/sbin', '/sbin', '/usr/bin', '/bin'].filter(Boolean).join(':');
  return { PATH: path, LC_ALL: 'C' };
}

/**
 * Runs a command without a shell and waits for its end. A status other than 0 is an answer.
 * Throws `unsupported` where the command is missing, `refused` for too much output, `timeout` after a minute.
 */
export function run(command: string, argv: readonly string[]): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, { stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let size = 0;
    let fault: PortforwardError | null = null;
    const give = (error: PortforwardError) => {
      fault ??= error;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(
      () =>
        give(new PortforwardError('timeout', `${command} did not end within a minute.`, { retryable: true })),
      TIMEOUT_MS,
    );
    const keep = (chunks: Buffer[]) => (chunk: Buffer) => {
      size += chunk.length;
      if (size > LIMIT_BYTES) give(new PortforwardError('refused', `${command} printed more than 128 MB.`));
      else chunks.push(chunk);
    };
    child.stdout.on('data', keep(out));
    child.stderr.on('data', keep(err));
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(
        error.code === 'ENOENT'
          ? missing(command)
          : new PortforwardError('internal', `${command}: ${error.message}`),
      );
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (fault) return reject(fault);
      const stderr = Buffer.concat(err).toString('utf8').trim();
      resolve({
        code: code ?? 128,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: signal ? `${command} was ended by ${signal}. ${stderr}`.trim() : stderr,
      });
    });
  });
}

const PACKAGES: Readonly<Record<string, string>> = {
  nft: 'nftables',
  conntrack: 'conntrack',
  ip: 'iproute2',
};

function missing(command: string): PortforwardError {
  return new PortforwardError('unsupported', `The command ${command} is not installed.`, {
    hint: `Run \`apt-get install --no-install-recommends ${PACKAGES[command] ?? command}\` on the gateway.`,
  });
}
