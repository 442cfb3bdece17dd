import type { LiveEntry } from '../../../agent/kernel/kernel';
import { leased, poor, rich } from '../../../lab/simulators/memory/kinds';
import type { Forward } from '../../../provider/rule/rule';
import type { PracticeGateway } from '../support/gateway';
import { agentProvider, describeHcl, provider, rule } from '../support/hcl-suite';
import { MemoryGateways } from '../support/memory-kind';
import { plain, type TerraformProject } from '../support/terraform';

/** One rule a property, so that one plan shows them all. */
const RULES = {
  enabled: { external_port: 1001 },
  protocol: { external_port: 1002 },
  external_port: { external_port: 1003 },
  wan: { external_port: 1004, wan: 'wan0' },
  internal_address: { external_port: 1005 },
  internal_port: { external_port: 1006 },
  sources: { external_port: 1007, sources: ['203.0.113.0/24'] },
  hairpin: { external_port: 1008, hairpin: true },
  log: { external_port: 1009, log: true },
  description: { external_port: 1010, description: 'as declared' },
};

describeHcl('what somebody changes on the gateway', (bench) => {
  let home: PracticeGateway;
  let project: TerraformProject;

  beforeAll(async () => {
    home = await bench.gateway();
    project = await bench.project();
    const rules = Object.entries(RULES).map(([name, args]) => rule(name, args));
    project.write('main.tf', [agentProvider(home), ...rules].join(''));
    await project.apply();
  });

  test('is shown attribute by attribute, and mended by one apply', async () => {
    const change = (port: number, forward: (entry: LiveEntry) => Partial<Forward>) =>
      home.entry(port).then((entry) => home.kernel.tamper.change(entry.tag, forward(entry)));
    const before = await home.forwards();
    home.kernel.tamper.remove((await home.entry(1001)).tag);
    await change(1002, ({ forward }) => ({
      traffic: forward.traffic.map((one) => ({ ...one, protocol: 'udp' })),
    }));
    await change(1003, ({ forward }) => ({
      traffic: forward.traffic.map((one) => ({ ...one, ports: [{ from: 2003, to: 2003, target: 1003 }] })),
    }));
    await change(1004, () => ({ wan: null }));
    await change(1005, () => ({ target: { kind: 'host', family: 4, address: '192.168.50.66' } }));
    await change(1006, ({ forward }) => ({
      traffic: forward.traffic.map((one) => ({ ...one, ports: [{ from: 1006, to: 1006, target: 22 }] })),
    }));
    await change(1007, () => ({ sources: null }));
    await home.rewrite(1008, { hairpin: false });
    await home.rewrite(1009, { log: false });
    await home.rewrite(1010, { description: 'not as declared' });
    expect(await project.changed()).toEqual(
      Object.keys(RULES)
        .map((name) => `portforward_rule.${name}: update ${name}`)
        .sort(),
    );
    const { code, output } = await project.run('plan', '-refresh-only', '-detailed-exitcode');
    expect([code, plain(output)]).toEqual([2, expect.stringContaining('Objects have changed outside of')]);
    await project.apply();
    expect(await home.forwards()).toEqual(before);
    await project.unchanged();
  });

  test('is planned as a create when a rule vanished, and the apply puts it back', async () => {
    await home.withdraw(1005);
    expect(await project.changed()).toEqual(['portforward_rule.internal_address: create']);
    await project.apply();
    expect(await home.forwards()).toContain('tcp 1005 -> 192.168.50.10:1005');
    await project.unchanged();
  });

  test('a restriction that no rule can express is drift, told in words', async () => {
    home.kernel.tamper.restrict((await home.entry(1006)).tag, 'only on Sundays');
    expect(await project.changed()).toEqual(['portforward_rule.internal_port: update enabled']);
    expect(plain(await project.succeed('plan'))).toContain('only in part: only on Sundays');
    await project.apply();
    await project.unchanged();
  });
});

describeHcl('what gateways are like that are no agent', (bench) => {
  const gateways = new MemoryGateways();
  const start = async (name: string, options: Parameters<MemoryGateways['add']>[1], ...rules: string[]) => {
    const gateway = gateways.add(`${bench.engine}-${name}`, options);
    const project = await bench.project();
    project.write(
      'main.tf',
      [provider({ kind: 'memory', gateway: `${bench.engine}-${name}`, owner: 'home/net' }), ...rules].join(
        '',
      ),
    );
    return { gateway, project };
  };

  beforeAll(() => bench.provide([gateways.kind]));

  test('handles that change are no drift', async () => {
    const { gateway, project } = await start('handles', { kind: rich }, rule('web', { external_port: 443 }));
    await project.apply();
    const [entry] = gateway.records;
    gateway.copy(entry?.handle as string, {});
    gateway.vanish(entry?.handle as string);
    expect(gateway.records.map(({ handle }) => handle)).not.toContain(entry?.handle);
    await project.unchanged();
    await project.destroy();
    expect(gateway.records).toEqual([]);
  });

  test('a rule in many entries is one rule, and one entry that differs shows', async () => {
    const wide = rule('wide', { external_port: '8000-8002', protocol: 'tcp+udp' });
    const { gateway, project } = await start('many', { kind: poor }, wide);
    await project.apply();
    expect(gateway.records).toHaveLength(6);
    await project.unchanged();
    gateway.tamper(gateway.records[0]?.handle as string, {
      target: { kind: 'host', family: 4, address: '192.168.50.66' },
    });
    expect(await project.changed()).toEqual(['portforward_rule.wide: update internal_address']);
    await project.apply();
    await project.unchanged();
  });

  test('a lease that runs down is no drift; half of it over, a plan renews it', async () => {
    let now = Date.now();
    const web = rule('web', { external_port: 443, lease: 3600 });
    const { gateway, project } = await start('leased', { kind: leased, now: () => now }, web);
    await project.apply();
    now += 60_000;
    await project.unchanged();
    // The provider's own clock says when; the state says since when.
    project.rewritePrivate((kept) => ({ ...kept, renewalDue: new Date(Date.now() - 1000).toISOString() }));
    expect(await project.changed()).toEqual(['portforward_rule.web: update device']);
    expect(plain(await project.succeed('plan'))).toContain('The mapping of rule "web" expires soon');
    await project.apply();
    expect(gateway.records[0]?.expires).toBe(now + 3_600_000);
    await project.unchanged();
  });
});
