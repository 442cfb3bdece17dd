import { connect } from 'node:net';
import { PortforwardError } from '../../provider/rule/error';
import { controlSocket } from './place';

/** What the keeper tells about its lab. */
export interface LabStatus {
  /** The keeper's process. */
  readonly pid: number;
  /** Arguments of `nsenter` that lead inside. */
  readonly enter: readonly string[];
  /** The lab's directory, common to all hosts. */
  readonly directory: string;
  /** The agent's socket. */
  readonly socket: string;
  readonly firewall: string;
  /** ISO time. */
  readonly since: string;
}

/** The standing lab's status, or null when none stands. */
export async function askStatus(directory: string): Promise<LabStatus | null> {
  const answer = await ask(directory, 'status');
  return answer === null ? null : JSON.parse(answer);
}

/** Ends the standing lab and waits until it is gone. False when none stood. */
export async function askDown(directory: string): Promise<boolean> {
  return (await ask(directory, 'down')) !== null;
}

/** Says one word; what comes until the keeper closes is the answer. Null when nobody listens. */
function ask(directory: string, word: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(controlSocket(directory));
    let answer = '';
    socket.once('connect', () => socket.write(`${word}\n`));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.once('close', () => resolve(answer));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(null);
      else
        reject(
          new PortforwardError('denied', `The lab's control socket could not be used: ${error.message}.`, {
            hint: 'Run the command as the user who started the lab.',
          }),
        );
    });
  });
}
