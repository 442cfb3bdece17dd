import * as pulumi from '@pulumi/pulumi';

/** A resource as Pulumi's engine would have received it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly provider: string;
}

/** Runs a program without any engine, as Pulumi runs it: inside a stack. Returns what it registered. */
export async function register(program: () => unknown): Promise<Registered[]> {
  const seen: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs, provider }) => {
        seen.push({ type, name, inputs, provider: provider ?? '' });
        return { id: `${name}-id`, state: inputs };
      },
    },
    'shop',
    'dev',
  );
  try {
    await pulumi.runtime.runInPulumiStack(async () => program());
  } finally {
    // Waits for what the program began, also where it failed.
    await pulumi.runtime.disconnect();
  }
  return seen.filter(({ type }) => type !== 'pulumi:pulumi:Stack');
}
