import type { Forward } from '../../../provider/rule/rule';
import type { PracticeGateway } from '../support/gateway';
import type { PulumiProject } from '../support/pulumi';
import { describePulumi, program, story } from '../support/suite';

const URN = 'urn:pulumi:dev::shop::pulumi-nodejs:dynamic/portforward:PortForwardRule::';

/** What somebody does to the entry of a rule behind our back, and the property that has to show it. */
const DRIFTS: readonly { args: string; property: string; change: Partial<Forward> | null }[] = [
  { args: '', property: 'enabled', change: null },
  { args: '', property: 'protocol', change: { traffic: [traffic('udp', 3001)] } },
  { args: '', property: 'externalPort', change: { traffic: [traffic('tcp', 4002)] } },
  { args: '', property: 'wan', change: { wan: 'wan0' } },
  {
    args: '',
    property: 'internalAddress',
    change: { target: { kind: 'host', family: 4, address: '192.168.50.66' } },
  },
  { args: '', property: 'internalPort', change: { traffic: [traffic('tcp', 3005, 80)] } },
  { args: "sources: ['203.0.113.0/24']", property: 'sources', change: { sources: null } },
  { args: 'hairpin: true', property: 'hairpin', change: { hairpin: false } },
  { args: '', property: 'log', change: { log: true } },
  // The kernel holds no texts, so this one is changed through the agent.
  { args: "description: 'ours'", property: 'description', change: { description: 'theirs' } },
];

function traffic(protocol: 'tcp' | 'udp', port: number, target = port) {
  return { protocol, ports: [{ from: port, to: port, target }] };
}

describePulumi('pulumi: the life of a rule', (bench) => {
  const step = story();
  let home: PracticeGateway;
  let pulumi: PulumiProject;
  beforeAll(async () => {
    [home, pulumi] = [await bench.gateway(), await bench.project()];
  });

  step('preview shows it and changes nothing, up makes it, a second up has nothing to do', async () => {
    pulumi.write(
      program(
        home,
        `rule('web', { externalPort: '443', sources: ['203.0.113.0/24', '198.51.100.128/25'] });`,
      ),
    );
    const preview = await pulumi.preview();
    expect(preview).toMatchObject({ code: 0 });
    expect(preview.output).toMatch(/\+ pulumi-nodejs:dynamic\/portforward:PortForwardRule: \(create\)/);
    expect(preview.output).toMatch(/externalPort\s*: "443"/);
    expect(await home.forwards()).toEqual([]);

    await pulumi.up();
    expect(await home.forwards()).toEqual([
      'tcp 443 -> 192.168.50.10:443 from 198.51.100.128/25,203.0.113.0/24',
    ]);
    await pulumi.unchanged('--refresh', '--run-program');
  });

  step('the outputs tell whose rule it is, where, and what stands there, in at most 1 kB', async () => {
    const [web] = await pulumi.rules();
    expect(web?.id).toBe('shop/dev/web');
    expect(web?.outputs).toEqual({
      __provider: web?.inputs?.__provider,
      name: 'web',
      externalPort: '443',
      internalAddress: '192.168.50.10',
      sources: ['203.0.113.0/24', '198.51.100.128/25'],
      owner: 'shop/dev',
      gatewayName: 'home',
      endpoint: `agent:${home.socket}`,
      device: expect.any(String),
      entries: [
        {
          tag: expect.stringMatching(/^pf1_[0-9a-f]{16}_[0-9a-f]{8}_0$/),
          content: expect.stringMatching(/^[0-9a-f]{8}$/),
          handle: expect.any(String),
          permanent: true,
        },
      ],
    });
    const kept = JSON.stringify(web?.inputs).length + JSON.stringify(web?.outputs).length;
    expect(kept).toBeLessThanOrEqual(1024);
  });

  step('a change is an update in place, and preview names each property', async () => {
    pulumi.write(program(home, `rule('web', { externalPort: '443,8000-8010', description: 'shop' });`));
    const { output } = await pulumi.preview();
    expect(output).toMatch(/~ pulumi-nodejs:dynamic\/portforward:PortForwardRule: \(update\)/);
    expect(output).toMatch(/~ externalPort\s*: "443" => "443,8000-8010"/);
    expect(output).toMatch(/\+ description\s*: "shop"/);
    expect(output).toMatch(/- sources\s*:/);
    await pulumi.up();
    expect(await home.forwards()).toEqual(['tcp 443,8000-8010 -> 192.168.50.10:443,8000-8010']);
  });

  step('another spelling of the same changes nothing, and is no drift afterwards', async () => {
    pulumi.write(
      program(
        home,
        `rule('web', { externalPort: '8000-8010,443', protocol: 'tcp', enabled: true, description: 'shop' });`,
      ),
    );
    await pulumi.unchanged();
    await pulumi.up();
    await pulumi.unchanged('--refresh', '--run-program');
  });

  step('--target touches the named rule only', async () => {
    pulumi.write(program(home, `rule('web', { externalPort: 444 }); rule('ssh', { externalPort: 2222 });`));
    await pulumi.up('--target', `${URN}ssh`);
    expect(await home.forwards()).toEqual([
      'tcp 2222 -> 192.168.50.10:2222',
      'tcp 443,8000-8010 -> 192.168.50.10:443,8000-8010',
    ]);
  });

  step('--replace makes the new one before it deletes the old one, and the rule stays open', async () => {
    await pulumi.up('--replace', `${URN}ssh`, '--target', `${URN}ssh`);
    expect(await home.forwards()).toContain('tcp 2222 -> 192.168.50.10:2222');
  });

  step('what somebody changed behind our back shows by its property, what vanished is created', async () => {
    const rules = DRIFTS.map(
      ({ args, property }, index) => `rule('${property}', { externalPort: ${3000 + index}, ${args} });`,
    );
    pulumi.write(program(home, `${rules.join('\n')} rule('gone', { externalPort: 3900 });`));
    await pulumi.up();
    for (const [index, { change }] of DRIFTS.entries()) {
      const { tag } = await home.entry(3000 + index);
      if (change === null) home.kernel.tamper.remove(tag);
      else if (change.description) await home.rewrite(3000 + index, change);
      else home.kernel.tamper.change(tag, change);
    }
    await home.withdraw(3900);

    const { output } = await pulumi.run('preview', '--refresh', '--run-program', '--diff', '--json');
    const steps = (JSON.parse(output.slice(output.indexOf('{'))).steps as Step[]).filter(
      ({ op }) => op === 'update' || op === 'create',
    );
    const shown = steps.map(({ op, urn, detailedDiff }) => [
      urn.replace(URN, ''),
      op,
      Object.keys(detailedDiff ?? {}).map((key) => key.replace(/[[.].*/, '')),
    ]);
    const wanted = DRIFTS.map(({ property }) => [property, 'update', [property]]);
    expect(shown.sort()).toEqual([...wanted, ['gone', 'create', []]].sort());
  });

  step('the check for drift fails, and up mends all of it', async () => {
    const check = await pulumi.run('refresh', '--preview-only', '--run-program', '--expect-no-changes');
    expect(check.code).toBe(7);
    await pulumi.up('--refresh', '--run-program');
    const forwards = DRIFTS.map(({ property }, index) => {
      const line = `tcp ${3000 + index} -> 192.168.50.10:${3000 + index}`;
      return property === 'sources' ? `${line} from 203.0.113.0/24` : line;
    });
    expect(await home.forwards()).toEqual([...forwards, 'tcp 3900 -> 192.168.50.10:3900'].sort());
    await pulumi.unchanged('--refresh', '--run-program');
  });

  step('a gateway that is down is a warning in a preview, and up changes nothing', async () => {
    pulumi.write(program(home, `rule('web', { externalPort: 443 });`));
    await home.stop();
    const preview = await pulumi.preview();
    expect(preview).toMatchObject({
      code: 0,
      output: expect.stringMatching(/warning: .*could not be looked at/),
    });
    const up = await pulumi.run('up', '--yes', '--skip-preview');
    expect(up.code).not.toBe(0);
    expect(up.output).toContain(home.socket);
    expect(await home.entries()).toHaveLength(DRIFTS.length + 1);
    await home.restart();
  });

  step('destroy leaves nothing behind', async () => {
    await pulumi.destroy();
    expect(await home.forwards()).toEqual([]);
    expect(await pulumi.rules()).toEqual([]);
  });
});

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly detailedDiff: Record<string, unknown> | null;
}
