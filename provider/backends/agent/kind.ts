import type { DescribedKind } from '../kind';
import { type AgentConfig, agentArguments, parseAgentConfig } from './config';

/** A Linux gateway that runs portforward-agent, reached through its Unix socket. */
export const agentKind: DescribedKind<AgentConfig> = {
  kind: 'agent',
  title: 'Linux host with portforward-agent',
  page: 'agent.md',
  capabilities: () => {
    const { agentCapabilities } = require('./codec') as typeof import('./codec');
    return [agentCapabilities];
  },
  arguments: agentArguments,
  parse: parseAgentConfig,
  endpoint: ({ socket }) => `agent:${socket}`,
  connect: (config) => {
    const { connectAgent } = require('./backend') as typeof import('./backend');
    return connectAgent(config);
  },
};
