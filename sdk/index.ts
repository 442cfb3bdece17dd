/** What a program imports. */
export {
  type AgentGatewayArgs,
  type CommonGatewayArgs,
  Gateway,
  type GatewayArgs,
  type OpenwrtGatewayArgs,
  type UpnpGatewayArgs,
} from './gateway';
export { PortForwardRule, type PortForwardRuleArgs, type PortForwardRuleOptions } from './port-forward-rule';
export { type Audience, type ServiceId, type ServicePart, type ServicePreset, services } from './services';
