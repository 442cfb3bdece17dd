import { gatewayBlock } from './data-gateway';
import { rulesBlock } from './data-rules';
import { ruleBlock } from './rule';

/** What the provider has, by the type names of HCL. */
export const resourceBlocks = { portforward_rule: ruleBlock };
export const dataBlocks = { portforward_rules: rulesBlock, portforward_gateway: gatewayBlock };
