/** What a program imports. Types apart from values: the TypeScript that comes with Pulumi is older than `export { type … }`. */
export type {
  AgentGatewayArgs,
  CommonGatewayArgs,
  GatewayArgs,
  OpenwrtGatewayArgs,
  UpnpGatewayArgs,
} from './gateway';
export { Gateway } from './gateway';
export type { PortForwardRuleArgs, PortForwardRuleOptions } from './port-forward-rule';
export { PortForwardRule } from './port-forward-rule';
export type { Audience, ServiceId, ServicePart, ServicePreset } from './services';
export { services } from './services';
