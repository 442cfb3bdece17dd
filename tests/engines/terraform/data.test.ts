import { normalise } from '../../../provider/rule/normalise';
import { agentProvider, block, describeHcl, rule } from '../support/hcl-suite';

describeHcl('data sources', (bench) => {
  test('tell what is on the gateway, ours and of others, and what it is', async () => {
    const [home, project] = [await bench.gateway(), await bench.project()];
    home.kernel.tamper.addForeign({
      handle: 'ip nat PREROUTING 7',
      forward: normalise({ name: 'x', externalPort: 8443, internalAddress: '192.168.50.99' }).forward,
      restriction: 'only on Sundays',
      label: 'dnat in table ip nat, chain PREROUTING',
    });
    project.write(
      'main.tf',
      [
        agentProvider(home),
        rule('web', { external_port: '80,443', protocol: 'tcp+udp', sources: ['203.0.113.0/24'] }),
        block('data "portforward_rules" "all"', { depends_on: '= [portforward_rule.web]' }),
        'data "portforward_gateway" "home" {}\n',
        block('output "rules"', { value: '= data.portforward_rules.all.rules' }),
        block('output "gateway"', { value: '= data.portforward_gateway.home' }),
      ].join(''),
    );
    await project.apply();
    expect(await project.output('rules')).toEqual([
      expect.objectContaining({
        ours: true,
        id: 'home/net/web',
        name: 'web',
        natural_key: 'tcp+udp:80,443',
        protocol: 'tcp+udp',
        external_port: '80,443',
        internal_address: '192.168.50.10',
        internal_port: '80,443',
        sources: ['203.0.113.0/24'],
        enabled: true,
        restriction: null,
        blocked: null,
      }),
      expect.objectContaining({
        ours: false,
        id: null,
        name: null,
        natural_key: 'tcp:8443',
        handle: 'ip nat PREROUTING 7',
        label: 'dnat in table ip nat, chain PREROUTING',
        restriction: 'only on Sundays',
        sources: null,
      }),
    ]);
    expect(await project.output('gateway')).toMatchObject({
      kind: 'agent',
      product: expect.stringMatching(/^portforward-agent /),
      device: expect.stringMatching(/^[0-9a-f]{32}$/),
      wans: [{ name: 'wan0', addresses: ['198.51.100.1'] }],
      lans: ['192.168.50.0/24', '2001:db8:50::/64'],
      public_addresses: ['198.51.100.1'],
      problems: [],
      capabilities: { atomic: true, families: [4, 6], lease: null, entry: { ports: 'list' } },
    });
    await project.unchanged();
  });
});
