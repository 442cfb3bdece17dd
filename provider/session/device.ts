import type { GatewayInfo } from '../backends/backend';
import { PortforwardError } from '../rule/error';
import { RuleName } from './messages';
import type { SessionOptions } from './options';
import type { RuleState } from './state';

/**
 * The refusal where another device than the recorded one answers at the recorded endpoint; null = go on. A changed
 * endpoint is the user's word that another device is meant.
 */
export function otherDevice(
  id: string,
  recorded: RuleState,
  info: GatewayInfo,
  { endpoint }: SessionOptions,
): PortforwardError | null {
  const same = recorded.device === null || info.device === null || recorded.device === info.device;
  if (recorded.endpoint !== endpoint || same) return null;
  const text = `${RuleName(id)} was put on device ${recorded.device}, but device ${info.device} answers at ${endpoint}.`;
  return new PortforwardError('device', text, {
    hint: 'If it replaces the old one, give the Gateway another endpoint (its argument `endpoint`); if not, mend the way to the right one.',
  });
}
