import { HCL_ENGINES } from '../../../support/needs';
import type { Door } from './door';
import { hclDoor } from './hcl';
import { pulumi } from './pulumi';
import { pulumiProcess } from './pulumi-process';

/** Every front door there is; those that this machine has not got say so. */
export function doors(): readonly Door[] {
  return [pulumiProcess(), pulumi, ...HCL_ENGINES.map(hclDoor)];
}
