export { type AgentOptions, LabAgent } from './namespaces/agent';
export type { FirewallVariant } from './namespaces/firewall';
export { Lab, type LabOptions } from './namespaces/lab';
export { addresses, type Host, hosts, wans } from './namespaces/network';
export type { RunOptions, RunResult } from './namespaces/run';
export type { Station } from './namespaces/station';
export { type LabSupport, labSupport } from './namespaces/support';
export type { FtpOptions } from './services/ftp';
export type { Call, Reply } from './services/wire';
