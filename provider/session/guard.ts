import type { GatewayInfo, ManagementPort } from '../backends/backend';
import type { Forward, Rule } from '../rule/rule';

/** A port by which the gateway is managed and that this rule would take away, or null. */
export function capturedManagement(rule: Rule, management: GatewayInfo['management']): ManagementPort | null {
  const { forward, allowManagementPorts } = rule;
  // A pinhole takes only packets for its own host.
  if (!forward.enabled || (forward.target.kind === 'host' && forward.target.family === 6)) return null;
  return management.find((one) => !allowManagementPorts.includes(one.port) && captures(forward, one)) ?? null;
}

/** What to say of it: follows the name of the rule. */
export function guardReason(captured: ManagementPort, gatewayName: string): string {
  const { protocol, port, service } = captured;
  return `would take ${protocol} port ${port} away from ${service}, by which gateway "${gatewayName}" is managed.`;
}

export function guardHint(captured: ManagementPort): string {
  return `Use another external port, or add allowManagementPorts: ${captured.port} if that is really meant.`;
}

function captures({ traffic, target }: Forward, { protocol, port }: ManagementPort): boolean {
  const ports = traffic.find((one) => one.protocol === protocol)?.ports ?? [];
  const span = ports.find(({ from, to }) => from <= port && port <= to);
  if (!span) return false;
  // To the very same port on the gateway itself: the service stays reachable where it was.
  return target.kind !== 'gateway' || span.target + (port - span.from) !== port;
}
