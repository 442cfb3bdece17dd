import type { BackendKind } from '../kind';
import { type AgentConfig, agentArguments, parseAgentConfig } from './config';

/** A Linux gateway that runs portforward-agent, reached through its Unix socket. */
export const agentKind: BackendKind<AgentConfig> = {
  kind: 'agent',
  title: 'Linux host with portforward-agent',
  arguments: agentArguments,
  parse: parseAgentConfig,
  endpoint: ({ socket }) => `agent:${socket}`,
  connect: (config) => {
    const { connectAgent } = require('./backend') as typeof import('./backend');
    return connectAgent(config);
  },
};
