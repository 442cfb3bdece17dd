import type { MemoryGateway } from '../../../lab/simulators/memory/gateway';
import type { PracticeGateway } from '../support/gateway';
import { type Arguments, agentProvider, block, describeHcl, provider, rule } from '../support/hcl-suite';
import { MemoryGateways } from '../support/memory-kind';
import { plain, type TerraformProject } from '../support/terraform';

describeHcl('a gateway that does not answer', (bench) => {
  let home: PracticeGateway;
  let project: TerraformProject;
  const write = (args: Arguments, ...rules: string[]) =>
    project.write('main.tf', [agentProvider(home, args), ...rules].join(''));

  beforeAll(async () => {
    home = await bench.gateway();
    project = await bench.project();
    write({}, rule('web', { external_port: 443 }), rule('dns', { external_port: 53 }));
    await project.apply();
    await home.stop();
  });

  test('is an error at a refresh, never a deletion, and the error tells how to do without', async () => {
    const said = plain(await project.fail('plan'));
    expect(said).toContain('There is no socket of portforward-agent at');
    expect(said).toContain('add -refresh=false');
    expect(said.match(/Gateway "home": the same as for another rule\./g)).toHaveLength(1);
    expect(Object.keys(await project.rules())).toHaveLength(2);
  });

  test('is one warning in a plan without a refresh, and the apply changes nothing', async () => {
    write({}, rule('web', { external_port: 444 }), rule('dns', { external_port: 54 }));
    const said = plain(await project.succeed('plan', '-refresh=false'));
    expect(said.match(/Gateway "home" could not be looked at/g)).toHaveLength(1);
    expect(said).toContain('2 to change');
    const before = project.read('terraform.tfstate');
    await project.fail('apply', '-auto-approve', '-refresh=false');
    expect(JSON.parse(project.read('terraform.tfstate')).resources).toEqual(JSON.parse(before).resources);
  });

  test('says nothing about rules that do not change', async () => {
    write({}, rule('web', { external_port: 443 }), rule('dns', { external_port: 53 }));
    expect(await project.changed('-refresh=false')).toEqual([]);
  });

  test('with unreachable = "keep" is a warning, and the rules stay as they were recorded', async () => {
    write({ unreachable: 'keep' }, rule('web', { external_port: 443 }), rule('dns', { external_port: 53 }));
    const { code, output } = await project.run('plan', '-detailed-exitcode');
    expect(code).toBe(0);
    expect(plain(output).match(/shown as they were recorded/g)).toHaveLength(1);
  });

  const web = rule('web', { external_port: 443 });
  const dns = rule('dns', { external_port: 53 });

  test('is told to one of twenty rules at length, and to the others in a line', async () => {
    const many = Array.from({ length: 20 }, (_, n) => rule(`r${n}`, { external_port: 5000 + n }));
    write({}, web, dns, ...many);
    const apply = ['apply', '-auto-approve', '-refresh=false', '-parallelism=64'];
    const said = plain(await project.fail(...apply));
    expect(said.match(/Error: Gateway "home": There is no socket/g)).toHaveLength(1);
    expect(said.match(/Error: Gateway "home": the same as for another rule\./g)).toHaveLength(19);
    expect(Object.keys(await project.rules())).toHaveLength(2);
  });

  test('under a data source: a plan cannot be had, and a destroy goes past it', async () => {
    write({}, web, dns, 'data "portforward_rules" "all" {}\n');
    const said = plain(await project.fail('plan', '-refresh=false'));
    expect(said).toContain('A plan reads data sources also with -refresh=false');
    // It gets as far as the rules.
    const destroyed = plain(await project.fail('destroy', '-auto-approve', '-refresh=false'));
    expect(destroyed).toContain('2 to destroy');
    expect(Object.keys(await project.rules())).toHaveLength(2);
  });

  test('under an import: nothing helps but to take it out', async () => {
    write(
      {},
      web,
      dns,
      rule('www', { external_port: 80 }),
      block('import', { to: '= portforward_rule.www', id: 'www' }),
    );
    const said = plain(await project.fail('plan', '-refresh=false'));
    expect(said).toContain('Nothing can be imported before it answers, and -refresh=false does not help');
  });

  test('at another address than the recorded one: -refresh=false is no help, and what is one is said', async () => {
    for (const more of [[], ['-refresh=false']]) {
      write({ socket: `${home.directory}/elsewhere.sock` }, web, dns);
      const said = plain(await project.fail('plan', ...more));
      expect(said).toMatch(
        /Rule "(web|dns)" was put on gateway "home" at .* cannot be told: There is no socket/,
      );
      expect(said).toContain(`set endpoint = "agent:${home.socket}"`);
      expect(said).toContain('To add -refresh=false does not help here.');
    }
    write({ socket: `${home.directory}/elsewhere.sock`, endpoint: `agent:${home.socket}` }, web, dns);
    expect(await project.changed('-refresh=false')).toEqual([]);
  });

  test('answers again, and nothing was lost', async () => {
    write({ unreachable: 'keep' }, web, dns);
    await home.restart();
    await project.unchanged();
  });
});

describeHcl('a provider for another gateway than the recorded one', (bench) => {
  const gateways = new MemoryGateways();
  let project: TerraformProject;
  let home: MemoryGateway;
  const write = (args: Arguments, ...rules: string[]) =>
    project.write(
      'main.tf',
      [
        provider({ kind: 'memory', gateway: 'home', name: 'home', owner: 'home/net', ...args }),
        ...rules,
      ].join(''),
    );

  beforeAll(async () => {
    await bench.provide([gateways.kind]);
    home = gateways.add('home');
    gateways.add('office');
    gateways.alias('home', 'front');
  });

  beforeEach(async () => {
    project = await bench.project();
    write({}, rule('web', { external_port: 443 }));
    await project.apply();
  });
  afterEach(async () => {
    write({}, rule('web', { external_port: 443 }));
    await project.destroy();
    expect(home.records).toEqual([]);
  });

  test('is refused at plan, naming the old gateway and the ways; so is the removal', async () => {
    write({ gateway: 'office', name: 'office' }, rule('web', { external_port: 443 }));
    const said = plain(await project.fail('plan'));
    expect(said).toContain('Rule "web" was put on gateway "home" at memory:home');
    expect(said).toContain('gateway "office" at memory:office, which is another device');
    expect(said).toContain('endpoint = "memory:home"');
    expect(said).toContain('under an alias');
    expect(plain(await project.fail('destroy', '-auto-approve', '-refresh=false'))).toContain(
      'was put on gateway "home"',
    );
    write({ gateway: 'office', name: 'office' });
    expect(plain(await project.fail('plan'))).toContain('was put on gateway "home"');
    expect(home.records).toHaveLength(1);
  });

  test('with another owner too; with -refresh=false the old one can still be destroyed', async () => {
    write({ owner: 'work' }, rule('web', { external_port: 443 }));
    const said = plain(await project.fail('plan'));
    expect(said).toContain(
      'belongs to the owner "home/net"; the provider is configured for the owner "work"',
    );
    expect(said).toContain('-refresh=false');
    await project.destroy('-refresh=false');
    expect(home.records).toEqual([]);
    write({}, rule('web', { external_port: 443 }));
    await project.apply();
  });

  test('at another endpoint of the same device is an update in place; another name for it is a label', async () => {
    write({ gateway: 'front' }, rule('web', { external_port: 443 }));
    expect(await project.changed()).toEqual(['portforward_rule.web: update endpoint']);
    await project.apply();
    await project.unchanged();
    write({ gateway: 'front', name: 'front door' }, rule('web', { external_port: 443 }));
    expect(await project.changed()).toEqual(['portforward_rule.web: update gateway_name']);
    await project.apply();
    await project.unchanged();
    expect(home.records).toHaveLength(1);
    write({ gateway: 'home' }, rule('web', { external_port: 443 }));
    await project.apply();
  });

  test('another device at the old endpoint is an error', async () => {
    const old = gateways.add('home');
    expect(plain(await project.fail('plan'))).toMatch(
      /was put on device memory-\d+, but device memory-\d+ answers/,
    );
    expect(old.records).toEqual([]);
    gateways.put('home', home);
  });
});

describeHcl('several gateways', (bench) => {
  test('are providers by alias, each with its own rules', async () => {
    const [home, office, project] = [await bench.gateway(), await bench.gateway(), await bench.project()];
    const to = (alias: string) => ({ provider: `= portforward.${alias}` });
    project.write(
      'main.tf',
      [
        agentProvider(home, { alias: 'home' }),
        agentProvider(office, { alias: 'office', name: 'office' }),
        rule('web', { external_port: 443, ...to('home') }),
        rule('web', { external_port: 443, ...to('office') }, 'office_web'),
      ].join(''),
    );
    await project.apply();
    expect(await home.forwards()).toEqual(['tcp 443 -> 192.168.50.10:443']);
    expect(await office.forwards()).toEqual(['tcp 443 -> 192.168.50.10:443']);
    await project.unchanged();
    await project.destroy();
  });

  test('two for one gateway and owner are refused: they would not see each other', async () => {
    const [home, project] = [await bench.gateway(), await bench.project('started')];
    const both = (owner: string) =>
      project.write(
        'main.tf',
        [
          agentProvider(home, { alias: 'one' }),
          agentProvider(home, { alias: 'two', owner }),
          // In this order the first configuration is still in use when the second one comes.
          rule('a', { external_port: 1, provider: '= portforward.one' }),
          rule('b', {
            external_port: 2,
            provider: '= portforward.two',
            depends_on: '= [portforward_rule.a]',
          }),
          rule('c', {
            external_port: 3,
            provider: '= portforward.one',
            depends_on: '= [portforward_rule.b]',
          }),
        ].join(''),
      );
    both('home/net');
    expect(plain(await project.fail('plan'))).toContain(
      'Another provider configuration of this run is for the same gateway',
    );
    both('home/guests');
    await project.succeed('plan');
  });
});

describeHcl('a configuration that is known after apply only', (bench) => {
  test('is planned by itself, and applied when it is known', async () => {
    const [home, project] = [await bench.gateway(), await bench.project()];
    const late = 'resource "terraform_data" "socket" {\n  input = "SOCKET"\n}\n'.replace(
      'SOCKET',
      home.socket,
    );
    const unknown = { socket: '= terraform_data.socket.output' };
    project.write(
      'main.tf',
      [
        agentProvider(home, unknown),
        late,
        rule('a', { external_port: 443 }),
        rule('b', { external_port: 443 }),
      ].join(''),
    );
    expect(plain(await project.fail('plan'))).toMatch(/Rule "[ab]" conflicts with rule "[ab]"/);
    project.write(
      'main.tf',
      [agentProvider(home, unknown), late, rule('a', { external_port: 443 })].join(''),
    );
    const [change] = (await project.changes()).filter(({ address }) => address === 'portforward_rule.a');
    expect(change?.after_unknown).toEqual({
      device: true,
      endpoint: true,
      gateway_name: true,
      id: true,
      owner: true,
    });
    await project.apply();
    expect(await home.forwards()).toEqual(['tcp 443 -> 192.168.50.10:443']);
    await project.unchanged();
    // What exists is shown as it is recorded.
    const said = plain(await project.succeed('plan', '-replace=terraform_data.socket'));
    expect(said).toContain('The configuration of the gateway is not known yet');
    expect(said).not.toContain('portforward_rule.a will');
    await project.destroy();
  });

  test('data sources and imports say what to do', async () => {
    const [home, project] = [await bench.gateway(), await bench.project()];
    const late = 'resource "terraform_data" "socket" {\n  input = "SOCKET"\n}\n'.replace(
      'SOCKET',
      home.socket,
    );
    const unknown = agentProvider(home, { socket: '= terraform_data.socket.output' });
    project.write('main.tf', [unknown, late, 'data "portforward_rules" "all" {}\n'].join(''));
    expect(plain(await project.fail('plan'))).toContain(
      'The configuration of the gateway is not known yet, so it cannot be asked.',
    );
    const take = block('import', { to: '= portforward_rule.a', id: 'a' });
    project.write('main.tf', [unknown, late, take, rule('a', { external_port: 1 })].join(''));
    expect(plain(await project.fail('plan'))).toContain('nothing can be imported');
  });
});

describeHcl('the configuration of the gateway', (bench) => {
  test('comes from the environment where the block is empty', async () => {
    const home = await bench.gateway();
    await bench.provide([], {
      PORTFORWARD_KIND: 'agent',
      PORTFORWARD_SOCKET: home.socket,
      PORTFORWARD_OWNER: 'from/env',
    });
    const project = await bench.project();
    project.write('main.tf', rule('web', { external_port: 443 }));
    await project.apply();
    expect(await project.rules()).toMatchObject({
      'portforward_rule.web': { id: 'from/env/web', gateway_name: `agent:${home.socket}` },
    });
    await project.destroy();
  });

  test.each([
    [{ kind: 'fritz' }, 'kind "fritz" is not one of: agent'],
    [{ kind: 'agent', owner: '/' }, '"/" is not a usable owner'],
    [{ kind: 'agent', unreachable: 'maybe' }, '"fail" or "keep"'],
    [{ kind: 'agent', timeout: 0 }, 'more than 0'],
    [{ kind: 'agent', socket: 'relative' }, 'socket'],
  ])('is wrong at validate: %j', async (args, words) => {
    const project = await bench.project();
    project.write('main.tf', provider(args) + rule('web', { external_port: 443 }));
    expect(plain(await project.fail('validate'))).toContain(words);
  });

  test.each([
    [{}, 'kind is missing'],
    [{ kind: 'agent' }, 'Set owner here or as PORTFORWARD_OWNER'],
  ])('is missing at plan: %j', async (args, words) => {
    await bench.provide();
    const project = await bench.project();
    project.write('main.tf', provider(args) + rule('web', { external_port: 443 }));
    expect(plain(await project.fail('plan'))).toContain(words);
  });
});
