import type { MemoryGateway } from '../../../lab/simulators/memory/gateway';
import { poor } from '../../../lab/simulators/memory/kinds';
import { normalise } from '../../../provider/rule/normalise';
import type { PracticeGateway } from '../support/gateway';
import { agentProvider, block, describeHcl, provider, rule } from '../support/hcl-suite';
import { MemoryGateways } from '../support/memory-kind';
import { plain, type TerraformProject } from '../support/terraform';

const RULES = [
  rule('web', {
    external_port: '80,443',
    internal_port: '8080,8443',
    sources: ['203.0.113.0/24'],
    wan: 'wan0',
  }),
  rule('dns', { external_port: 53, protocol: 'tcp+udp', log: true, description: 'names' }),
  rule('off', { external_port: 99, enabled: false }),
];

describeHcl('importing', (bench) => {
  let home: PracticeGateway;
  let project: TerraformProject;

  beforeAll(async () => {
    home = await bench.gateway();
    const first = await bench.project();
    first.write('main.tf', [agentProvider(home), ...RULES].join(''));
    await first.apply();
  });

  beforeEach(async () => {
    project = await bench.project();
  });

  test('by command: by id, by name and by what the rule takes, and the next plan finds nothing to do', async () => {
    project.write('main.tf', [agentProvider(home), ...RULES].join(''));
    await project.succeed('import', 'portforward_rule.web', 'tcp:443,80@wan0');
    await project.succeed('import', 'portforward_rule.dns', 'home/net/dns');
    await project.succeed('import', 'portforward_rule.off', 'off');
    await project.unchanged();
  });

  test('by blocks, with generated configuration, and the plan after that finds nothing to do', async () => {
    const imports = ['web', 'dns', 'off'].map((name) =>
      block('import', { to: `= portforward_rule.${name}`, id: `home/net/${name}` }),
    );
    project.write('main.tf', [agentProvider(home), ...imports].join(''));
    await project.succeed('plan', '-generate-config-out=generated.tf');
    const said = plain(await project.apply());
    expect(said).toContain('Resources: 3 imported, 0 added, 0 changed, 0 destroyed.');
    expect(project.read('generated.tf')).toMatch(/external_port\s+= "80,443"/);
    await project.unchanged();
    const before = await home.forwards();
    await project.destroy();
    expect(await home.forwards()).not.toEqual(before);
    const again = await bench.project();
    again.write('main.tf', [agentProvider(home), ...RULES].join(''));
    await again.apply();
    expect(await home.forwards()).toEqual(before);
  });

  test.each([
    ['nobody', 'There is no rule "home/net/nobody" on gateway "home"'],
    [
      'work/net/web',
      'is a rule of the owner "work/net"; the provider is configured for the owner "home/net"',
    ],
    ['tcp:1', 'There is no entry tcp:1 on gateway "home".'],
    ['no such/rule!', 'does not name a rule. Accepted: "home/net/<name>"'],
  ])('%s is refused with what is accepted', async (id, words) => {
    project.write('main.tf', agentProvider(home) + rule('x', { external_port: 1 }));
    expect(plain(await project.fail('import', 'portforward_rule.x', id))).toContain(words);
  });
});

describeHcl('importing from other gateways', (bench) => {
  const gateways = new MemoryGateways();
  let gateway: MemoryGateway;
  let project: TerraformProject;

  beforeAll(async () => {
    await bench.provide([gateways.kind]);
    gateway = gateways.add('router', { kind: poor });
    project = await bench.project();
  });

  const write = (...rules: string[]) =>
    project.write(
      'main.tf',
      [provider({ kind: 'memory', gateway: 'router', owner: 'home/net' }), ...rules].join(''),
    );

  test('a rule in several entries is named by all that it takes, or by one of them', async () => {
    const wide = rule('wide', { external_port: '8000-8001', protocol: 'tcp+udp' });
    write(wide);
    await project.apply();
    for (const id of ['tcp+udp:8000-8001', 'udp:8001']) {
      await project.succeed('state', 'rm', 'portforward_rule.wide');
      await project.succeed('import', 'portforward_rule.wide', id);
      await project.unchanged();
    }
  });

  test('an entry that is not ours is refused, with the line that takes it over', async () => {
    gateway.addForeign(normalise({ name: 'x', externalPort: 443, internalAddress: '192.168.50.20' }).forward);
    write(rule('theirs', { external_port: 443 }));
    const said = plain(await project.fail('import', 'portforward_rule.theirs', 'tcp:443'));
    expect(said).toContain('is not ours, so it cannot be imported');
    expect(said).toContain('adopt = "tcp:443"');
  });
});
