import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PortforwardError } from '../../rule/error';

/**
 * Bytes of a socket's path. Linux takes 107 and macOS 103; Node 20 cuts a longer one without a word and binds what is
 * left (measured), which lies outside the private directory.
 */
const LONGEST = 103;

const NAME = 's';

/**
 * Lets the server listen in a directory that nobody else may enter, and returns the socket's path. The directory goes
 * when the process ends. The engine's own choice comes first, then the temporary directory, then short ones for where
 * these are too long or take no sockets. Throws `refused` where none does, `unsupported` on Windows.
 */
export async function listenPrivately(
  server: Server,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Promise<string> {
  if (platform === 'win32')
    throw new PortforwardError('unsupported', 'The provider does not run on Windows itself.', {
      hint: 'Run the engine in WSL.',
    });
  const failures: string[] = [];
  for (const parent of candidates(env)) {
    try {
      return await listenIn(parent, server);
    } catch (error) {
      failures.push(`${parent} (${error instanceof Error ? error.message : error})`);
    }
  }
  throw new PortforwardError('refused', `There is no place for a private socket: ${failures.join(', ')}.`, {
    hint: 'Set TMPDIR to a short directory that this user can write.',
  });
}

function candidates(env: NodeJS.ProcessEnv): string[] {
  const wished = [env.PLUGIN_UNIX_SOCKET_DIR, tmpdir(), env.XDG_RUNTIME_DIR, '/tmp', '/var/tmp', '/dev/shm'];
  return [...new Set(wished.filter((parent) => parent !== undefined && parent !== ''))].map((parent) =>
    resolve(parent as string),
  );
}

async function listenIn(parent: string, server: Server): Promise<string> {
  // The engine reads the path from one line, between bars.
  if (/[|\r\n]/.test(parent)) throw new Error('a bar or a line break in its name');
  const spare = LONGEST - Buffer.byteLength(join(parent, 'pf-XXXXXX', NAME));
  if (spare < 0) throw new Error('too long for a socket');
  const directory = mkdtempSync(join(parent, 'pf-')); // mode 0700
  const remove = () => rmSync(directory, { recursive: true, force: true });
  process.once('exit', remove);
  const path = join(directory, NAME);
  try {
    await listening(server, path);
    return path;
  } catch (error) {
    remove();
    process.removeListener('exit', remove);
    throw error;
  }
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(path, () => {
      server.removeListener('error', fail);
      done();
    });
  });
}
