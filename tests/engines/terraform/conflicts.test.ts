import { normalise } from '../../../provider/rule/normalise';
import type { PracticeGateway } from '../support/gateway';
import { type Arguments, agentProvider, describeHcl, provider, rule } from '../support/hcl-suite';
import { MemoryGateways } from '../support/memory-kind';
import { plain, type TerraformProject } from '../support/terraform';

/** Somebody else's forward of a port on the practice machine. */
function addForeign(home: PracticeGateway, port: number): void {
  home.kernel.tamper.addForeign({
    handle: `ip nat PREROUTING ${port}`,
    forward: normalise({ name: 'x', externalPort: port, internalAddress: '192.168.50.99' }).forward,
    restriction: null,
    label: 'dnat in table ip nat, chain PREROUTING',
  });
}

describeHcl('what cannot be is refused by the plan', (bench) => {
  let home: PracticeGateway;
  let project: TerraformProject;
  const write = (...parts: string[]) => project.write('main.tf', [agentProvider(home), ...parts].join(''));

  beforeAll(async () => {
    home = await bench.gateway();
    project = await bench.project();
  });

  test('two rules for one port, with file and line of the second one', async () => {
    write(rule('a', { external_port: '400-500' }), rule('b', { external_port: 443 }));
    const said = plain(await project.fail('plan'));
    expect(said).toMatch(/Rule "([ab])" conflicts with rule "(?!\1)[ab]": both take tcp:443 from everyone\./);
    expect(said).toMatch(/on main\.tf line \d+, in resource "portforward_rule"/);
    expect(await home.forwards()).toEqual([]);
  });

  test('two rules of one name', async () => {
    write(rule('a', { external_port: 1 }), rule('a', { external_port: 2 }, 'b'));
    expect(plain(await project.fail('plan'))).toContain('Two rules of this run are named "a".');
  });

  test('wrong values, all at once and by attribute, with what was meant', async () => {
    write(
      rule('a', { external_port: '= 8000-8010', internal_address: '192.168.50.300' }),
      rule('b', { external_port: '80abc', sources: [] }),
      rule('c', { external_port: 70000, protocol: 'TCP/UDP' }),
    );
    const said = plain(await project.fail('validate'));
    for (const text of [
      '"-10" is not',
      'write a range as external_port = "8000-8010"',
      '"192.168.50.300"',
      '"80abc"',
      'sources = length(var.x) > 0 ? var.x : null',
      '"70000"',
      '"TCP/UDP"',
    ])
      expect(said).toContain(text);
    expect(said).not.toMatch(/externalPort|internalAddress/);
  });

  test.each(['0', '65536', '99999', '80abc', 'abc80', '90-80', '70000-80000', '-5', '--', '1-'])(
    'port %s',
    async (port) => {
      write(rule('a', { external_port: port }));
      expect(plain(await project.fail('validate'))).toContain(JSON.stringify(port));
    },
  );

  test('an entry of another program, which is told as a person finds it', async () => {
    addForeign(home, 8443);
    write(rule('web', { external_port: 8443 }));
    const said = plain(await project.fail('plan'));
    expect(said).toContain('an entry that is not ours is in the way');
    expect(said).toContain('dnat in table ip nat, chain PREROUTING');
    expect(said).toMatch(/main\.tf line \d+.*external_port/);
    expect(await home.forwards()).toEqual([]);
  });

  test('a way by which the gateway is managed', async () => {
    write(rule('ssh', { external_port: 22 }));
    const said = plain(await project.fail('plan'));
    expect(said).toContain('is managed');
    expect(said).toContain('allow_management_ports');
    write(rule('ssh', { external_port: 22, allow_management_ports: 22 }));
    await project.succeed('plan');
  });

  test('what does not fit the networks of the gateway', async () => {
    write(rule('far', { external_port: 443, internal_address: '10.9.9.9' }));
    expect(plain(await project.fail('plan'))).toContain('lies in no LAN of gateway "home"');
  });

  test('ports that are known after apply only: the second rule is refused then, and the first stays', async () => {
    project.write('ports.tf', 'resource "terraform_data" "port" {\n  input = 9000\n}\n');
    const port = '= terraform_data.port.output';
    write(rule('a', { external_port: port }), rule('b', { external_port: port }));
    await project.succeed('plan');
    expect(plain(await project.fail('apply', '-auto-approve'))).toMatch(
      /Rule "[ab]" conflicts with rule "[ab]".*both take tcp:9000 from everyone/,
    );
    expect(await home.forwards()).toEqual(['tcp 9000 -> 192.168.50.10:9000']);
    project.removeFile('ports.tf');
    write();
    await project.apply();
    expect(await home.forwards()).toEqual([]);
  });
});

describeHcl('what this plan does not see, it warns of', (bench) => {
  let home: PracticeGateway;
  let project: TerraformProject;
  const write = (...parts: string[]) => project.write('main.tf', [agentProvider(home), ...parts].join(''));

  beforeAll(async () => {
    home = await bench.gateway();
    project = await bench.project();
    write(rule('web', { external_port: 443 }));
    await project.apply();
  });

  test('-target on a port that another rule has', async () => {
    write(rule('web', { external_port: 444 }), rule('new', { external_port: 443 }));
    const all = await project.succeed('plan');
    expect(all).not.toContain('Warning');
    const said = plain(await project.succeed('plan', '-target=portforward_rule.new'));
    expect(said).toContain('tcp:443 belongs to rule "web" now, and rule "new" would take it over.');
    expect(said).toContain('left out by -target');
    const done = plain(await project.apply('-target=portforward_rule.new'));
    expect(done).toContain('Rule "web" had tcp:443');
    expect(await home.forwards()).toEqual(['tcp 443 -> 192.168.50.10:443']);
    await project.apply();
    expect(await home.forwards()).toEqual(['tcp 443 -> 192.168.50.10:443', 'tcp 444 -> 192.168.50.10:444']);
    await project.unchanged();
  });

  test('another state with the same owner: of its ports, and of its very rules', async () => {
    const other = await bench.project();
    other.write('main.tf', agentProvider(home) + rule('theirs', { external_port: 443 }));
    expect(plain(await other.succeed('plan'))).toContain('tcp:443 belongs to rule "new" now');
    other.write('main.tf', agentProvider(home) + rule('web', { external_port: 444 }));
    expect(plain(await other.succeed('plan'))).toContain('Rule "web" is on the gateway already');
    other.write('main.tf', agentProvider(home, { owner: 'other' }) + rule('theirs', { external_port: 443 }));
    expect(plain(await other.fail('plan'))).toContain('an entry of owner "home/net" is in the way');
  });
});

describeHcl('adopting', (bench) => {
  test('takes over on the word of the user, while creating only; the word may go afterwards', async () => {
    const gateways = new MemoryGateways();
    await bench.provide([gateways.kind]);
    const [gateway, project] = [gateways.add('router'), await bench.project()];
    const theirs = normalise({ name: 'x', externalPort: 443, internalAddress: '192.168.50.20' }).forward;
    const handle = gateway.addForeign({ ...theirs, description: 'by hand' });
    const write = (args: Arguments) =>
      project.write(
        'main.tf',
        provider({ kind: 'memory', gateway: 'router', owner: 'home/net' }) +
          rule('web', { external_port: 443, ...args }),
      );
    write({});
    const said = plain(await project.fail('plan'));
    expect(said).toContain('an entry that is not ours is in the way');
    expect(said).toContain('Take it over with adopt = "tcp:443"');
    expect(gateway.records.map((record) => record.mark)).toEqual(['made by hand']);
    write({ adopt: 'tcp:443' });
    await project.apply();
    expect(gateway.records.map((record) => [record.handle, record.forward.target])).toEqual([
      [handle, { kind: 'host', family: 4, address: '192.168.50.10' }],
    ]);
    await project.unchanged();
    write({});
    expect(await project.changed()).toEqual(['portforward_rule.web: update adopt']);
    await project.apply();
    await project.unchanged();
  });
});
