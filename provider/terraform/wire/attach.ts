import { PROTOCOL } from './handshake';
import { HOSTS } from './hosts';

/**
 * The value of TF_REATTACH_PROVIDERS with which an engine uses this running process instead of starting one. `Test`
 * means that the engine leaves the process alone when it is done.
 */
export function reattachValue(source: string, socket: string, pid: number): string {
  const reattach = {
    Protocol: 'grpc',
    ProtocolVersion: PROTOCOL,
    Pid: pid,
    Test: true,
    Addr: { Network: 'unix', String: socket },
  };
  return JSON.stringify(Object.fromEntries(HOSTS.map((host) => [`${host}/${source}`, reattach])));
}

/** What a person who starts us with `--attach` reads; the line between the blank ones can go into a shell as it is. */
export function attachMessage(value: string): string {
  const quoted = `'${value.replaceAll("'", `'"'"'`)}'`;
  return [
    'The provider runs. Engines use it where this is set in their environment:',
    '',
    `export TF_REATTACH_PROVIDERS=${quoted}`,
    '',
    'It serves any number of runs, one after the other or at once. Ctrl-C ends it.',
  ].join('\n');
}
