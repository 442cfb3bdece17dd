import * as pulumi from '@pulumi/pulumi';

type Given = WeakMap<pulumi.Resource, readonly pulumi.ProviderResource[]>;

/** Shared by all copies of this package in one process: a component library may bring its own. */
const shared = globalThis as { [key: symbol]: { given: Given; watched: WeakSet<object> } | undefined };
const KEY = Symbol.for('portforward.components');
const memory = shared[KEY] ?? { given: new WeakMap(), watched: new WeakSet() };
shared[KEY] = memory;

/**
 * From now on remembers which providers each resource of the running program was given. Pulumi itself keeps one per
 * package and drops the others without a word, so two gateways for one component would not be noticed.
 */
export function watchComponents(): void {
  const stack = pulumi.runtime.getStackResource();
  // Under Pulumi's mocks there is no stack; then the last provider wins, as everywhere in Pulumi.
  if (stack === undefined || memory.watched.has(stack)) return;
  memory.watched.add(stack);
  pulumi.runtime.registerStackTransformation(({ resource, opts }) => {
    const providers = listed(opts);
    if (providers.length > 0) memory.given.set(resource, providers);
    return undefined;
  });
}

/** What the nearest of `resource` and its parents was given explicitly; empty when none was or nobody watched. */
export function givenAround(resource: pulumi.Resource | undefined): readonly pulumi.ProviderResource[] {
  for (let at = resource; at !== undefined; at = parentOf(at)) {
    const providers = memory.given.get(at);
    if (providers !== undefined) return providers;
  }
  return [];
}

function listed(options: pulumi.ResourceOptions): pulumi.ProviderResource[] {
  const { provider, providers } = options as pulumi.ComponentResourceOptions & pulumi.CustomResourceOptions;
  const many = providers === undefined ? [] : Array.isArray(providers) ? providers : Object.values(providers);
  return provider === undefined ? many : [...many, provider];
}

function parentOf(resource: pulumi.Resource): pulumi.Resource | undefined {
  return (resource as { __parentResource?: pulumi.Resource }).__parentResource;
}
