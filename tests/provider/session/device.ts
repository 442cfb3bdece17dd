import { MemoryGateway, type MemoryGatewayOptions } from '../../../lab/simulators/memory/gateway';
import { PortforwardError } from '../../../provider/rule/error';
import { normalise } from '../../../provider/rule/normalise';
import type { Forward, RuleInputs } from '../../../provider/rule/rule';
import type { SessionOptions } from '../../../provider/session/options';
import { Session } from '../../../provider/session/session';

export const OWNER = 'shop/prod';

export function rule(
  name: string,
  externalPort: number | string,
  more: Partial<RuleInputs> = {},
): RuleInputs {
  return { name, externalPort, internalAddress: '192.168.1.10', ...more };
}

export function forward(externalPort: number | string, more: Partial<RuleInputs> = {}): Forward {
  return normalise(rule('x', externalPort, more)).forward;
}

/** A gateway in memory, and sessions on it. */
export function lab(options: MemoryGatewayOptions = {}) {
  const gateway = new MemoryGateway(options);
  const warnings: string[] = [];
  const session = (more: Partial<SessionOptions> = {}): Session =>
    new Session(gateway.connect(), {
      owner: OWNER,
      gatewayName: 'router',
      endpoint: 'memory:test',
      warn: (message) => warnings.push(message),
      ...more,
    });
  const ours = () => gateway.records.filter(({ mark }) => mark.startsWith('pf1_'));
  return { gateway, session, warnings, ours };
}

/** The error a promise ends with; fails where it succeeds. */
export async function failure(promise: Promise<unknown>): Promise<PortforwardError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof PortforwardError) return error;
    throw error;
  }
  throw new Error('it succeeded, where a failure was expected');
}
