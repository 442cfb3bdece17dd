import type { PracticeGateway } from '../support/gateway';
import { type Arguments, agentProvider, describeHcl, rule } from '../support/hcl-suite';
import { story } from '../support/suite';
import { plain, type TerraformProject } from '../support/terraform';

describeHcl('the life of a rule', (bench) => {
  let home: PracticeGateway;
  let project: TerraformProject;
  const step = story();
  const write = (...rules: string[]) => project.write('main.tf', [agentProvider(home), ...rules].join(''));

  beforeAll(async () => {
    home = await bench.gateway();
    project = await bench.project();
  });

  step('is valid before any init, whatever the environment holds', async () => {
    write(rule('web', { external_port: 443 }));
    await project.succeed('validate');
    project.write('main.tf', 'provider "portforward" {}\n');
    await project.succeed('validate');
  });

  step('is planned without a change to the gateway, and nothing but the device is unknown', async () => {
    write(rule('web', { external_port: 443 }));
    const [change] = await project.changes();
    expect(change).toMatchObject({
      address: 'portforward_rule.web',
      actions: ['create'],
      after: {
        id: 'home/net/web',
        name: 'web',
        owner: 'home/net',
        gateway_name: 'home',
        endpoint: `agent:${home.socket}`,
        external_port: '443',
        internal_port: '443',
        protocol: 'tcp',
        enabled: true,
        log: false,
        description: '',
        wan: null,
        sources: null,
        hairpin: null,
      },
      after_unknown: { device: true },
    });
    expect(await home.forwards()).toEqual([]);
  });

  step('is created, and the next plan and refresh find nothing to do', async () => {
    await project.apply();
    expect(await home.forwards()).toEqual(['tcp 443 -> 192.168.50.10:443']);
    expect(Object.keys(await project.rules())).toEqual(['portforward_rule.web']);
    await project.unchanged();
  });

  step('is no other rule when it is spelled otherwise, and the state keeps the old spelling', async () => {
    const before = await project.rules();
    write(
      rule('web', {
        external_port: '443',
        internal_port: 443,
        protocol: 'tcp',
        enabled: true,
        log: false,
        description: '',
      }),
    );
    await project.unchanged();
    expect(await project.rules()).toEqual(before);
  });

  const changes: readonly { what: string; args: Arguments; shows: string; forwards: string | null }[] = [
    {
      what: 'external_port',
      args: { external_port: 8443, internal_port: 443 },
      shows: 'external_port',
      forwards: 'tcp 8443 -> 192.168.50.10:443',
    },
    {
      what: 'internal_port, unset',
      args: { external_port: 8443 },
      shows: 'internal_port',
      forwards: 'tcp 8443 -> 192.168.50.10:8443',
    },
    {
      what: 'external_port alone moves internal_port along',
      args: { external_port: '80,443' },
      shows: 'external_port, internal_port',
      forwards: 'tcp 80,443 -> 192.168.50.10:80,443',
    },
    {
      what: 'protocol',
      args: { external_port: '80,443', protocol: 'udp' },
      shows: 'protocol',
      forwards: 'udp 80,443 -> 192.168.50.10:80,443',
    },
    {
      what: 'internal_address',
      args: { external_port: '80,443', protocol: 'udp', internal_address: '192.168.50.20' },
      shows: 'internal_address',
      forwards: 'udp 80,443 -> 192.168.50.20:80,443',
    },
    {
      what: 'sources',
      args: { external_port: '80,443', protocol: 'udp', sources: ['203.0.113.0/24', '198.51.100.7'] },
      shows: 'internal_address, sources',
      forwards: 'udp 80,443 -> 192.168.50.10:80,443 from 198.51.100.7/32,203.0.113.0/24',
    },
    {
      what: 'sources, unset',
      args: { external_port: '80,443', protocol: 'udp' },
      shows: 'sources',
      forwards: 'udp 80,443 -> 192.168.50.10:80,443',
    },
    {
      what: 'wan',
      args: { external_port: 443, wan: 'wan0' },
      shows: 'external_port, internal_port, protocol, wan',
      forwards: 'tcp 443 -> 192.168.50.10:443 on wan0',
    },
    {
      what: 'enabled',
      args: { external_port: 443, wan: 'wan0', enabled: false },
      shows: 'enabled',
      forwards: null,
    },
    {
      what: 'hairpin',
      args: { external_port: 443, hairpin: true },
      shows: 'enabled, hairpin, wan',
      forwards: 'tcp 443 -> 192.168.50.10:443',
    },
    {
      what: 'log and description',
      args: { external_port: 443, log: true, description: 'Ann, "photos"' },
      shows: 'description, hairpin, log',
      forwards: 'tcp 443 -> 192.168.50.10:443',
    },
  ];
  for (const { what, args, shows, forwards } of changes)
    step(`is changed in place: ${what}`, async () => {
      write(rule('web', args));
      expect(await project.changed()).toEqual([`portforward_rule.web: update ${shows}`]);
      await project.apply();
      expect(await home.forwards()).toEqual(forwards === null ? [] : [forwards]);
      await project.unchanged();
    });

  step('keeps the order of its sources out of it', async () => {
    write(rule('web', { external_port: 443, sources: ['203.0.113.0/24', '198.51.100.7'] }));
    await project.apply();
    write(rule('web', { external_port: 443, sources: ['198.51.100.7/32', '203.0.113.0/24'] }));
    await project.unchanged();
  });

  step('is replaced when its name changes, the old one first', async () => {
    write(rule('www', { external_port: 443 }, 'web'));
    expect(await project.changed()).toEqual(['portforward_rule.web: delete+create']);
    await project.apply();
    expect((await project.rules())['portforward_rule.web']).toMatchObject({ id: 'home/net/www' });
    expect(await home.forwards()).toEqual(['tcp 443 -> 192.168.50.10:443']);
    await project.unchanged();
  });

  step('moves with its endpoint known, and what is unknown passes', async () => {
    project.write('other.tf', 'resource "terraform_data" "port" {\n  input = 8080\n}\n');
    write(
      rule(
        'www',
        {
          external_port: '= terraform_data.port.output',
          description: '= format("for %s", terraform_data.port.id)',
        },
        'web',
      ),
    );
    const [change] = (await project.changes()).filter(({ address }) => address === 'portforward_rule.web');
    expect(change?.after_unknown).toEqual({ external_port: true, internal_port: true, description: true });
    await project.apply();
    expect(await home.forwards()).toEqual(['tcp 8080 -> 192.168.50.10:8080']);
    await project.unchanged();
  });

  step('is destroyed', async () => {
    expect(plain(await project.destroy())).toContain('Destroy complete! Resources: 2 destroyed.');
    expect(await home.forwards()).toEqual([]);
  });
});
