import { findKind } from '../provider/backends/registry';
import { dynamicProvider } from '../provider/pulumi/provider';

/**
 * The permanent entry `portforward/dynamic`: every rule in every state names it, and Pulumi's provider process loads
 * it by that name. The exports are the methods that such a process calls.
 */
const {
  configure,
  check,
  diff,
  create,
  read,
  update,
  delete: remove,
} = dynamicProvider({
  findKind,
  env: process.env,
  // Pulumi shows what its provider process writes here beside the stack.
  warn: (message) => console.error(`warning: ${message}`),
});

export { check, configure, create, diff, read, remove as delete, update };
