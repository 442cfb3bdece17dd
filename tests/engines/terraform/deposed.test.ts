import type { PracticeGateway } from '../support/gateway';
import { agentProvider, block, describeHcl, rule } from '../support/hcl-suite';
import { plain, type TerraformProject } from '../support/terraform';

interface Instance {
  readonly deposed?: string;
}

interface State {
  readonly serial: number;
  readonly resources: readonly { readonly name: string; readonly instances: readonly Instance[] }[];
}

const WEB = 'tcp 443 -> 192.168.50.10:443';

const web = (port = 443): string =>
  rule('web', { external_port: port }).replace(
    /\}\n$/,
    '  lifecycle {\n    create_before_destroy = true\n  }\n}\n',
  );

/**
 * A replacement under an unchanged name that was cut short: the engine keeps the old object beside the new one, or alone,
 * and wants to destroy it. Both are one rule on the gateway.
 */
describeHcl('a deposed object of a rule that keeps its name', (bench) => {
  let home: PracticeGateway;
  let project: TerraformProject;
  const write = (...rules: string[]) => project.write('main.tf', [agentProvider(home), ...rules].join(''));

  /** The state as the engine leaves it that is killed within a replacement: `with` the new object, or before it was made. */
  const cutShort = (newOne: 'with' | 'without'): void => {
    const state = JSON.parse(project.read('terraform.tfstate')) as State;
    const resources = state.resources.map((resource) => ({
      ...resource,
      instances: resource.instances.flatMap((instance) => [
        ...(newOne === 'with' ? [instance] : []),
        { ...instance, deposed: '0badcafe' },
      ]),
    }));
    project.write('terraform.tfstate', JSON.stringify({ ...state, serial: state.serial + 1, resources }));
  };

  beforeEach(async () => {
    home = await bench.gateway();
    project = await bench.project();
    write(web());
    await project.apply();
  });

  test('beside the new one: every plan is refused, nothing is deleted, and the way out keeps the rule in place', async () => {
    cutShort('with');
    const { apply } = home.kernel.tamper.calls;
    for (const more of [[], ['-refresh=false']]) {
      const said = plain(await project.fail('apply', '-auto-approve', ...more));
      expect(said).toContain('Rule "web" is kept at one address and destroyed at another');
      expect(said).toContain('If the other is a deposed object');
    }
    await project.succeed('state', 'rm', 'portforward_rule.web');
    write(web(), block('import', { to: '= portforward_rule.web', id: 'web' }));
    await project.apply();
    expect(await project.changed()).toEqual([]);
    expect(await home.forwards()).toEqual([WEB]);
    expect(home.kernel.tamper.calls.apply).toBe(apply);
    await project.destroy();
    expect(await home.forwards()).toEqual([]);
  });

  test('alone, and the rule as it was: it stands when the run has ended', async () => {
    cutShort('without');
    await project.apply();
    expect(await home.forwards()).toEqual([WEB]);
    await project.unchanged();
    await project.destroy();
  });

  test('alone, and the rule changed meanwhile: refused, and mended in place after an import', async () => {
    cutShort('without');
    write(web(444));
    const said = plain(await project.fail('apply', '-auto-approve'));
    expect(said).toContain('is destroyed at one address and created at another, with other content');
    expect(said).toContain('If the old one is a deposed object');
    expect(await home.forwards()).toEqual([WEB]);
    await project.succeed('state', 'rm', 'portforward_rule.web');
    write(web(444), block('import', { to: '= portforward_rule.web', id: 'web' }));
    expect(await project.changed()).toEqual(['portforward_rule.web: update external_port, internal_port']);
    await project.apply();
    expect(await home.forwards()).toEqual(['tcp 444 -> 192.168.50.10:444']);
    await project.destroy();
  });

  test('and the rule taken out of the configuration: both go, and so does the rule', async () => {
    cutShort('with');
    write();
    await project.apply();
    expect(await home.forwards()).toEqual([]);
    await project.unchanged();
  });
});
