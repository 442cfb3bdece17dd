import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { PortforwardError } from '../../provider/rule/error';
import { API_HOST, API_VERSION, PRODUCT } from '../api/version';
import type { StatusReply } from '../api/wire';
import { errnoOf } from '../store/files';

/** Milliseconds until an agent that does not answer counts as stuck. */
const TIMEOUT = 15_000;

/** The status of the running agent. Throws `unreachable`, `credential`, `version`, each with the next step. */
export async function askStatus(socket: string, tokenFile: string | undefined): Promise<StatusReply> {
  const { status, text } = await get(socket, tokenFile);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = null;
  }
  if (status !== 200) {
    const { message, hint } = (body ?? {}) as { message?: unknown; hint?: unknown };
    throw new PortforwardError(
      status === 401 || status === 429 ? 'credential' : 'refused',
      typeof message === 'string' ? message : `The agent answered with HTTP ${status}.`,
      typeof hint === 'string' ? { hint } : {},
    );
  }
  const reply = body as StatusReply | null;
  if (reply?.api === API_VERSION && reply.product === PRODUCT) return reply;
  throw new PortforwardError('version', 'The running agent is of another version than this command.', {
    hint: 'Restart it: systemctl restart portforward-agent.',
  });
}

function get(socketPath: string, tokenFile: string | undefined): Promise<{ status: number; text: string }> {
  const token = tokenFile === undefined ? null : readToken(tokenFile);
  return new Promise((resolve, reject) => {
    const call = request(
      {
        socketPath,
        path: `/v${API_VERSION}/status`,
        timeout: TIMEOUT,
        headers: { host: API_HOST, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
        response.on('error', (error) => reject(unreachable(socketPath, error)));
      },
    );
    call.on('timeout', () => call.destroy(new Error('no answer in time')));
    call.on('error', (error) => reject(unreachable(socketPath, error)));
    call.end();
  });
}

function readToken(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new PortforwardError('credential', `The token file ${path} cannot be read (${errnoOf(error)}).`);
  }
}

function unreachable(socket: string, error: Error): PortforwardError {
  const code = errnoOf(error);
  if (code === 'EACCES')
    return new PortforwardError('unreachable', `This user may not open ${socket}.`, {
      hint: "Run as root or join the group of the agent's socket.",
    });
  if (code === 'ENOENT' || code === 'ECONNREFUSED')
    return new PortforwardError('unreachable', `No agent is running at ${socket}.`, {
      hint: 'Start it: systemctl start portforward-agent, or name its socket with --socket.',
    });
  return new PortforwardError(
    'unreachable',
    `The agent at ${socket} does not answer (${code ?? error.message}).`,
    {
      hint: 'Look at its log: journalctl -u portforward-agent.',
    },
  );
}
