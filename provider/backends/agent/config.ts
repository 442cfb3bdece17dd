import { socketPath } from '../../../agent/api/socket-path';
import { DEFAULT_SOCKET } from '../../../agent/api/version';
import { PortforwardError } from '../../rule/error';
import { secretVariable } from '../gateway-arguments';
import type { ArgumentFact } from '../kind';

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
export function parseAgentConfig(
  args: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): AgentConfig {
  const accepted = [...Object.keys(agentArguments), 'tokenEnv'];
  for (const [name, value] of Object.entries(args)) {
    if (!accepted.includes(name))
      throw invalid(
        name,
        `A gateway of kind "agent" has no argument "${name}"; there are: ${accepted.join(', ')}.`,
      );
    if (value !== undefined && typeof value !== 'string')
      throw invalid(name, `The argument "${name}" of a gateway of kind "agent" must be text.`);
  }
  const { socket, token, tokenEnv } = args as Record<string, string | undefined>;
  return {
    socket: socketPath(socket ?? env.PORTFORWARD_SOCKET ?? DEFAULT_SOCKET),
    token: tokenOf(token, tokenEnv, env),
  };
}

function tokenOf(
  token: string | undefined,
  variable: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  if (token !== undefined && variable !== undefined)
    throw invalid('tokenEnv', 'Both "token" and "tokenEnv" are given.', { hint: 'Leave one of them out.' });
  const value = token ?? env[variable ?? secretVariable('token')];
  if (variable !== undefined && (value === undefined || value === ''))
    throw invalid('tokenEnv', `The environment variable ${variable}, which holds the token, is not set.`, {
      hint: 'Set it where the engine runs.',
    });
  if (value === undefined) return null;
  if (!/^[\x21-\x7e]{1,4096}$/.test(value))
    throw invalid('token', 'The token must be one word of visible ASCII characters.', {
      hint: "It is the content of the agent's --token-file, without the end of line.",
    });
  return value;
}

function invalid(
  property: string,
  summary: string,
  options: { readonly hint?: string } = {},
): PortforwardError {
  return new PortforwardError('invalid', summary, { ...options, property });
}
