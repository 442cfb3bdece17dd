import * as pulumi from '@pulumi/pulumi';
import { givenAround } from './components';
import { RULE_TYPE } from './constants';
import { Gateway } from './gateway';

/** The options of a rule that say on which gateway it lives. */
export interface WhereOptions {
  readonly gateway?: Gateway | undefined;
  readonly provider?: pulumi.ProviderResource | undefined;
  readonly parent?: pulumi.Resource | undefined;
}

/**
 * The one gateway of a rule: the option `gateway`, or what the components around the rule were given as `providers`.
 * Throws RunError where there is none (Pulumi would run the rule in a process without configuration)
 * or more than one (Pulumi would silently take the last).
 */
export function findGateway(resource: string, options: WhereOptions): Gateway {
  if (options.gateway !== undefined && !Gateway.isInstance(options.gateway))
    throw new pulumi.RunError(
      `rule "${resource}": the option \`gateway\` is not a Gateway: pass \`{ gateway: new Gateway(…) }\`.`,
    );
  const found =
    one(resource, [options.gateway, options.provider]) ??
    one(resource, givenAround(options.parent)) ??
    one(resource, [options.parent?.getProvider(RULE_TYPE)]);
  if (found !== null) return found;
  throw new pulumi.RunError(
    `rule "${resource}" has no gateway: pass it as the third argument, \`{ gateway }\`, or give the component around it \`{ providers: [gateway] }\`.`,
  );
}

function one(resource: string, candidates: readonly unknown[]): Gateway | null {
  const gateways = [...new Set(candidates.filter(Gateway.isInstance))];
  if (gateways.length < 2) return gateways[0] ?? null;
  const names = gateways.map((gateway) => `"${gateway.logicalName}"`).join(' and ');
  throw new pulumi.RunError(
    `rule "${resource}" has more than one gateway (${names}), and one rule lives on one gateway: say which with the option \`gateway\`.`,
  );
}
