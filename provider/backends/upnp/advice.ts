import type { Forward } from '../../rule/rule';
import type { Problem } from '../backend';

/**
 * What a user should know of a rule before it is made: the gateway may take it all the same. `own` = the addresses of this
 * machine as the gateway sees it.
 */
export function adviceFor({ target, sources }: Forward, own: readonly string[]): readonly Problem[] {
  const advice: Problem[] = [];
  if (target.kind === 'host' && !own.includes(target.address))
    advice.push({
      code: 'other-host',
      fatal: false,
      message: `Most gateways map only to the host that asks, which is ${own.join(' or ')} here, and the rule goes to ${target.address}.`,
      hint: `If it is refused, run this on ${target.address}.`,
    });
  if (target.kind === 'host' && target.family === 4 && sources !== null)
    advice.push({
      code: 'sources-may-vanish',
      fatal: false,
      message:
        'Some gateways forget who may connect when they restart, and then everyone may (miniupnpd, measured).',
      hint: 'Refresh regularly, which shows it, and let the service itself check who connects.',
    });
  return advice;
}
