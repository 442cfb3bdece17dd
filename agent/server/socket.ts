import { chmodSync, lstatSync, mkdirSync, statSync, unlinkSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { PortforwardError } from '../../provider/rule/error';
import { errnoOf, isMissing } from '../store/files';

/** Bytes of a Unix socket's path (sun_path of unix(7), less its end). */
const MAX_PATH = 107;

/**
 * Listens at the path with mode 0660, in a directory that others cannot enter. The socket of a dead agent is replaced, a
 * living one refused; anything else at the path is left alone. Throws `refused` with the next step.
 */
export async function listenAt(server: Server, path: string): Promise<void> {
  if (Buffer.byteLength(path) > MAX_PATH)
    throw new PortforwardError('refused', `The socket's path is longer than ${MAX_PATH} bytes: ${path}.`, {
      hint: 'Choose a shorter one with --socket.',
    });
  makeDirectory(dirname(path));
  await clear(path);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannot(path, error)));
    // The socket exists from the call on, so its mode must be right from the first moment.
    const mask = process.umask(0o117);
    try {
      server.listen(path, resolve);
    } finally {
      process.umask(mask);
    }
  });
  chmodSync(path, 0o660);
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o750 });
  } catch (error) {
    throw cannot(directory, error);
  }
  if ((statSync(directory).mode & 0o007) !== 0)
    throw new PortforwardError('refused', `Everybody on this machine may enter ${directory}.`, {
      hint: `Give the socket a directory of its own, or run: chmod o= ${directory}.`,
    });
}

async function clear(path: string): Promise<void> {
  try {
    if (!lstatSync(path).isSocket())
      throw new PortforwardError('refused', `${path} exists and is no socket.`, {
        hint: 'Remove it, or choose another path with --socket.',
      });
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  if (await answers(path))
    throw new PortforwardError('refused', `Another agent listens at ${path}.`, {
      hint: 'Stop it first: systemctl stop portforward-agent.',
    });
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isMissing(error)) throw cannot(path, error);
  }
}

/** True when somebody accepts connections there, or when we cannot tell. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (alive: boolean) => {
      socket.destroy();
      resolve(alive);
    };
    socket.setTimeout(2000, () => end(true));
    socket.once('connect', () => end(true));
    socket.once('error', (error) => end(!['ECONNREFUSED', 'ENOENT'].includes(errnoOf(error) ?? '')));
  });
}

function cannot(path: string, error: unknown): PortforwardError {
  return new PortforwardError('refused', `The agent cannot listen at ${path} (${errnoOf(error)}).`, {
    hint: 'Run it as a user who may write there, or choose another path with --socket.',
    cause: error,
  });
}
