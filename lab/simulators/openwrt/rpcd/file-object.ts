import type { Arguments } from '../ubus/arguments';
import type { Methods, Reply } from '../ubus/bus';
import { ubusCode } from '../ubus/codes';
import { canonicalPath } from './canonical-path';
import type { Sessions } from './sessions';

/** What a program leaves behind. */
export interface Output {
  readonly code: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** Programs by the path of their file. */
export type Programs = Readonly<Record<string, (args: readonly string[]) => Output>>;

/** Bytes of output that rpcd holds, of each kind. */
const MAX_OUTPUT = 262_144;
/** Bytes of a command line that can be compared with the rights. */
const MAX_COMMAND = 1024;
const PATH = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The object `file`, of which only `exec` is here. */
export function fileMethods(sessions: Sessions, programs: Programs): Methods {
  return {
    exec: {
      args: { command: 'string', params: 'array', env: 'object' },
      run: (args, sid) => exec(sessions, programs, args, sid),
    },
  };
}

function exec(
  sessions: Sessions,
  programs: Programs,
  { command, params, env }: Arguments,
  sid: string,
): Reply {
  if (typeof command !== 'string') return [ubusCode.invalidArgument];
  if (env !== undefined) return [ubusCode.permissionDenied];
  const path = [command, ...PATH.map((folder) => `${folder}/${command}`)].map(canonicalPath);
  const executable = path.find((one) => programs[one] !== undefined);
  const program = executable === undefined ? undefined : programs[executable];
  if (executable === undefined || !program) return [ubusCode.notFound];
  const words = (Array.isArray(params) ? params : []).filter((word) => typeof word === 'string');
  if (!permitted(sessions, sid, executable, params === undefined ? null : words)) {
    return [ubusCode.permissionDenied];
  }
  const { code, stdout = '', stderr = '' } = program(words);
  if ([stdout, stderr].some((text) => Buffer.byteLength(text) >= MAX_OUTPUT)) return [ubusCode.notSupported];
  return [ubusCode.ok, { code, ...(stdout === '' ? {} : { stdout }), ...(stderr === '' ? {} : { stderr }) }];
}

/**
 * The program alone, with whatever arguments; else the whole command line, its words joined by a space. So a pattern that
 * ends in `*` lets through whatever a person puts behind it.
 */
function permitted(
  sessions: Sessions,
  sid: string,
  executable: string,
  words: readonly string[] | null,
): boolean {
  if (sessions.allows(sid, 'file', executable, 'exec')) return true;
  const line = [executable, ...(words ?? [])].join(' ');
  if (words === null || Buffer.byteLength(line) >= MAX_COMMAND) return false;
  return sessions.allows(sid, 'file', line, 'exec');
}
