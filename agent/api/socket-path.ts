import { isAbsolute, normalize } from 'node:path';
import { PortforwardError } from '../../provider/rule/error';
import { DEFAULT_SOCKET } from './version';

/**
 * The path of the agent's socket as it is used: normalised, without `unix:` in front. Throws PortforwardError `invalid`
 * for an address and for a path that is not absolute.
 */
export function socketPath(given: string): string {
  const path = given.startsWith('unix:') ? given.slice('unix:'.length).replace(/^\/\/(?=\/)/, '') : given;
  if (/^[a-z]+:\/\//i.test(path))
    throw invalid(
      `The agent listens on a Unix socket, and "${given}" is an address.`,
      'Forward its socket here with: ssh -N -L /path/here.sock:/run/portforward/agent.sock <gateway>.',
    );
  // A relative path would mean another socket in every directory that an engine runs in.
  if (!isAbsolute(path) || path.includes('\0'))
    throw invalid(
      `The socket "${given}" is not an absolute path.`,
      `Write it from the root, such as ${DEFAULT_SOCKET}.`,
    );
  return normalize(path);
}

function invalid(summary: string, hint: string): PortforwardError {
  return new PortforwardError('invalid', summary, { hint, property: 'socket' });
}
