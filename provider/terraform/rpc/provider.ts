import { providerBlock } from '../schema/provider';
import type { ProviderHandlers } from '../wire/handlers';
import { applyRule } from './apply';
import { configure, type Surroundings } from './configure';
import { Context } from './context';
import { importRule } from './import';
import { planRule } from './plan';
import { providerSchema } from './provider-schema';
import { readRule } from './read';
import { readData, validateData } from './read-data';
import { upgradeRule } from './upgrade';
import { validateRule } from './validate';
import { validateProvider } from './validate-provider';

/**
 * The front door for Terraform and OpenTofu: translates between the engine's calls and the session of the configured
 * gateway. What an engine does not tell (addresses, whether it plans or applies) is made up for in `turn.ts`.
 */
export function terraformProvider(surroundings: Surroundings): ProviderHandlers {
  const context = new Context();
  const block = providerBlock(surroundings.kinds);
  return {
    getProviderSchema: providerSchema(block),
    validateProviderConfig: validateProvider(context, block, surroundings),
    configureProvider: configure(context, block, surroundings),
    validateResourceConfig: validateRule(context),
    validateDataResourceConfig: validateData,
    upgradeResourceState: upgradeRule(context),
    readResource: readRule(context),
    planResourceChange: planRule(context),
    applyResourceChange: applyRule(context),
    importResourceState: importRule(context),
    readDataSource: readData(context),
    getResourceIdentitySchemas: async () => ({}),
    getFunctions: async () => ({}),
    close: () => context.close(),
  };
}
