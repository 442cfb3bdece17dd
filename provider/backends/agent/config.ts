import { socketPath } from '../../../agent/api/socket-path';
import { DEFAULT_SOCKET } from '../../../agent/api/version';
import type { ArgumentFact } from '../kind';
import { type Arguments, type Environment, invalid, readSecret, refuseUnknown } from '../kind-arguments';

export interface AgentConfig {
  /** Absolute path of the Unix socket. */
  readonly socket: string;
  readonly token: string | null;
}

export const agentArguments: Readonly<Record<string, ArgumentFact>> = {
  socket: {
    type: 'text',
    description:
      'Absolute path of the Unix socket of portforward-agent, or of one that `ssh -L` forwards to it.',
    default: DEFAULT_SOCKET,
    env: 'PORTFORWARD_SOCKET',
  },
  token: {
    type: 'text',
    description: 'The token that the agent was started with, where it wants one.',
    secret: true,
  },
};

/** Throws PortforwardError `invalid` that names the argument; never shows a value that may be a secret. */
export function parseAgentConfig(args: Arguments, env: Environment): AgentConfig {
  refuseUnknown('agent', agentArguments, args);
  for (const [name, value] of Object.entries(args))
    if (value !== undefined && typeof value !== 'string')
      throw invalid(name, `The argument "${name}" of a gateway of kind "agent" must be text.`);
  const { socket } = args as Readonly<Record<string, string | undefined>>;
  return {
    socket: socketPath(socket ?? env.PORTFORWARD_SOCKET ?? DEFAULT_SOCKET),
    token: readToken(args, env),
  };
}

function readToken(args: Arguments, env: Environment): string | null {
  const { value } = readSecret('token', args, env);
  if (value === undefined) return null;
  if (!/^[\x21-\x7e]{1,4096}$/.test(value))
    throw invalid('token', 'The token must be one word of visible ASCII characters.', {
      hint: "It is the content of the agent's --token-file, without the end of line.",
    });
  return value;
}
