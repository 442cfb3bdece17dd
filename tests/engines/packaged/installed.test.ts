import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cli } from '../../provider/cli/practice';
import { agentProvider, describeHcl, type HclBench, rule } from '../support/hcl-suite';
import type { TerraformProject } from '../support/terraform';

jest.setTimeout(180_000);

/** A project that has nothing but the provider which `portforward terraform install` put somewhere. */
async function installed(bench: HclBench, ...argv: string[]): Promise<TerraformProject> {
  const project = await bench.project('started');
  const { status, out, err } = await cli(['terraform', 'install', '--json', ...argv], {
    HOME: project.path,
    PATH: process.env.PATH ?? '',
  });
  expect({ status, err }).toEqual({ status: 0, err: '' });
  const { automatic, configuration } = JSON.parse(out);
  project.write('installed.rc', automatic ? '' : configuration);
  project.env = { TF_CLI_CONFIG_FILE: join(project.path, 'installed.rc') };
  return project;
}

describeHcl('the provider as portforward terraform install leaves it', (bench) => {
  test('is found without configuration, below a home full of ES modules, and lives a whole life', async () => {
    const gateway = await bench.gateway();
    const project = await installed(bench);
    project.write('package.json', '{ "type": "module" }');
    project.write(
      'main.tf',
      agentProvider(gateway) + rule('web', { external_port: 443, internal_port: 8443 }),
    );
    await project.succeed('init');
    // 0 nothing to do, 2 something.
    expect((await project.run('plan', '-detailed-exitcode')).code).toBe(2);
    await project.apply('-parallelism=64');
    expect(await gateway.forwards()).toEqual(['tcp 443 -> 192.168.50.10:8443']);
    await project.unchanged();
    const target = { kind: 'host', family: 4, address: '192.168.50.20' } as const;
    gateway.kernel.tamper.change((await gateway.entry(443)).tag, { target });
    expect((await project.run('plan', '-detailed-exitcode')).code).toBe(2);
    await project.destroy('-parallelism=64');
    expect(await gateway.forwards()).toEqual([]);
  });

  test('is found elsewhere by the lines that it printed', async () => {
    const gateway = await bench.gateway();
    const project = await installed(bench, '--dir', join(gateway.directory, 'a "mirror"'));
    project.write('main.tf', agentProvider(gateway) + rule('web', { external_port: 443 }));
    await project.succeed('init');
    expect(await project.changed()).toEqual(['portforward_rule.web: create']);
    rmSync(join(gateway.directory, 'a "mirror"'), { recursive: true });
    expect((await project.run('init', '-upgrade')).code).toBe(1);
  });
});
