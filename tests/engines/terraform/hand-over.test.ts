import type { PracticeGateway } from '../support/gateway';
import { agentProvider, describeHcl, rule } from '../support/hcl-suite';
import { plain, type TerraformProject } from '../support/terraform';

/** Before, after, and what then stands on the gateway. All in one apply, in whatever order the engine goes. */
const MOVES: readonly { what: string; before: string; after: string; forwards: string[] }[] = [
  {
    what: 'a rule changes its name',
    before: rule('mail', { external_port: 120 }),
    after: rule('post', { external_port: 120 }, 'mail'),
    forwards: ['tcp 120 -> 192.168.50.10:120'],
  },
  {
    what: 'a rule and its address change their name',
    before: rule('web', { external_port: 100 }),
    after: rule('www', { external_port: 100 }),
    forwards: ['tcp 100 -> 192.168.50.10:100'],
  },
  {
    what: 'the address changes, the rule stays, and nobody said "moved"',
    before: rule('shop', { external_port: 110 }),
    after: rule('shop', { external_port: 110 }, 'store'),
    forwards: ['tcp 110 -> 192.168.50.10:110'],
  },
  {
    what: 'two rules swap ports',
    before:
      rule('a', { external_port: 131, internal_port: 1 }) +
      rule('b', { external_port: 132, internal_port: 2 }),
    after:
      rule('a', { external_port: 132, internal_port: 1 }) +
      rule('b', { external_port: 131, internal_port: 2 }),
    forwards: ['tcp 131 -> 192.168.50.10:2', 'tcp 132 -> 192.168.50.10:1'],
  },
  {
    what: 'three rules rotate ports',
    before: [1, 2, 3].map((n) => rule(`r${n}`, { external_port: 140 + n, internal_port: n })).join(''),
    after: [1, 2, 3].map((n) => rule(`r${n}`, { external_port: 141 + (n % 3), internal_port: n })).join(''),
    forwards: ['tcp 141 -> 192.168.50.10:3', 'tcp 142 -> 192.168.50.10:1', 'tcp 143 -> 192.168.50.10:2'],
  },
  {
    what: 'a range is split, and another one joined',
    before:
      rule('all', { external_port: '160-170' }) +
      rule('x', { external_port: '180-184' }) +
      rule('y', { external_port: '185-190' }),
    after:
      rule('low', { external_port: '160-164' }) +
      rule('high', { external_port: '165-170' }) +
      rule('x', { external_port: '180-190' }),
    forwards: [
      'tcp 160-164 -> 192.168.50.10:160-164',
      'tcp 165-170 -> 192.168.50.10:165-170',
      'tcp 180-190 -> 192.168.50.10:180-190',
    ],
  },
  {
    what: 'a new rule takes one port of a range that gives it up',
    before: rule('wide', { external_port: '200-209' }),
    after:
      rule('wide', { external_port: '200-208' }) + rule('last', { external_port: 209, internal_port: 9 }),
    forwards: ['tcp 200-208 -> 192.168.50.10:200-208', 'tcp 209 -> 192.168.50.10:9'],
  },
];

describeHcl('ports change hands in one apply', (bench) => {
  const cases = [
    { name: 'as wide as the engine likes', options: [] },
    { name: 'one at a time, with -parallelism=1', options: ['-parallelism=1'] },
  ];
  test.each(cases)(`${MOVES.length} ways at once, $name`, async ({ options }) => {
    const [home, project] = [await bench.gateway(), await bench.project()];
    project.write('main.tf', agentProvider(home) + MOVES.map(({ before }) => before).join(''));
    await project.apply();
    project.write('main.tf', agentProvider(home) + MOVES.map(({ after }) => after).join(''));
    const said = await project.apply(...options);
    expect(await home.forwards()).toEqual(MOVES.flatMap(({ forwards }) => forwards).sort());
    if (options.length === 0) expect(said).not.toContain('Warning');
    await project.unchanged();
  });
});

describeHcl('one rule at another address', (bench) => {
  let home: PracticeGateway;
  let project: TerraformProject;
  const write = (...parts: string[]) => project.write('main.tf', [agentProvider(home), ...parts].join(''));

  beforeAll(async () => {
    home = await bench.gateway();
    project = await bench.project();
  });

  beforeEach(async () => {
    write(rule('web', { external_port: 443 }), rule('dns', { external_port: 53 }));
    await project.apply();
  });

  test('a moved block moves the state, and changes in place what else changed', async () => {
    const moved = 'moved {\n  from = portforward_rule.web\n  to   = portforward_rule.shop\n}\n';
    write(rule('web', { external_port: 8443 }, 'shop'), rule('dns', { external_port: 53 }), moved);
    expect(await project.changed()).toEqual(['portforward_rule.shop: update external_port, internal_port']);
    await project.apply();
    expect(await home.forwards()).toContain('tcp 8443 -> 192.168.50.10:8443');
    write(rule('web', { external_port: 8443 }, 'shop'), rule('dns', { external_port: 53 }));
    await project.unchanged();
    await project.destroy();
  });

  test('with other content and nothing said, the plan is refused and asks for it', async () => {
    write(rule('web', { external_port: 8443 }, 'shop'), rule('dns', { external_port: 53 }));
    const said = plain(await project.fail('plan'));
    expect(said).toContain(
      'Rule "web" is destroyed at one address and created at another, with other content.',
    );
    expect(said).toContain('moved { from = … to = … }');
  });

  test('kept at one address and destroyed at another: the plan is refused and says how to forget one', async () => {
    const state = JSON.parse(project.read('terraform.tfstate'));
    const web = state.resources.find(({ name }: { name: string }) => name === 'web');
    project.write(
      'terraform.tfstate',
      JSON.stringify({
        ...state,
        serial: state.serial + 1,
        resources: [...state.resources, { ...web, name: 'twin' }],
      }),
    );
    const said = plain(await project.fail('plan'));
    expect(said).toContain('Rule "web" is kept at one address and destroyed at another');
    await project.succeed('state', 'rm', 'portforward_rule.twin');
    await project.unchanged();
  });

  test('-replace, with another port at once', async () => {
    write(rule('web', { external_port: 444 }), rule('dns', { external_port: 53 }));
    await project.apply('-replace=portforward_rule.web', '-replace=portforward_rule.dns');
    expect(await home.forwards()).toEqual(['tcp 444 -> 192.168.50.10:444', 'tcp 53 -> 192.168.50.10:53']);
    await project.unchanged();
  });

  test('a tainted rule is planned like any other, and replaced', async () => {
    await project.succeed('taint', 'portforward_rule.web');
    const said = await project.succeed('plan');
    expect(plain(said)).toMatch(/portforward_rule\.web is tainted, so (it )?must be replaced/);
    expect(said).not.toContain('Warning');
    await project.apply();
    expect(await home.forwards()).toEqual(['tcp 443 -> 192.168.50.10:443', 'tcp 53 -> 192.168.50.10:53']);
    await project.unchanged();
  });

  test('create_before_destroy: the same rule is replaced without a gap, another name without a word', async () => {
    const cbd = (name: string, port: number, label: string) =>
      rule(name, { external_port: port }, label).replace(
        /\}\n$/,
        '  lifecycle {\n    create_before_destroy = true\n  }\n}\n',
      );
    write(cbd('web', 443, 'web'), cbd('dns', 53, 'dns'));
    await project.apply('-replace=portforward_rule.web');
    expect(await home.forwards()).toEqual(['tcp 443 -> 192.168.50.10:443', 'tcp 53 -> 192.168.50.10:53']);
    write(cbd('web', 443, 'web'), cbd('names', 53, 'dns'));
    await project.apply();
    expect(await home.forwards()).toEqual(['tcp 443 -> 192.168.50.10:443', 'tcp 53 -> 192.168.50.10:53']);
    await project.unchanged();
    write(rule('web', { external_port: 443 }), rule('dns', { external_port: 53 }));
  });
});
