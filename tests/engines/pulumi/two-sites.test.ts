import { normalise } from '../../../provider/rule/normalise';
import type { PracticeGateway } from '../support/gateway';
import type { PulumiProject, Run } from '../support/pulumi';
import type { PracticeRouter } from '../support/router';
import { describePulumi, story } from '../support/suite';

const VPN = 'udp 51820 -> 192.168.50.15:51820';
const OFFICE = [
  'tcp 21,50000-50020 -> 192.168.50.16:21,50000-50020',
  'tcp 2222 -> 192.168.50.12:22',
  'tcp 25,465,993 -> 192.168.50.13:25,465,993',
  'tcp 53 -> 192.168.50.14:53 and udp 53 -> 192.168.50.14:53',
  'tcp 80,443 -> 192.168.50.10:80,443',
  'tcp 8022 -> 192.168.50.19:22 from 203.0.113.64/26',
  'tcp 9090 -> 192.168.50.18:9090 from 198.51.100.0/24',
  'udp 16384-16484 -> 192.168.50.17:16384-16484',
  VPN,
];
const OFFICE_WIKI = 'tcp 8443 -> 192.168.50.11:443';

// uci holds one range an entry, so a list of ports is two of them.
const BRANCH = [
  'tcp 2022 -> 192.168.1.33:22',
  'tcp 443 -> 192.168.1.10:443',
  'tcp 554 -> 192.168.1.20:554 from 198.51.100.0/24',
  'tcp 5541 -> 192.168.1.21:554 from 198.51.100.0/24',
  'tcp 631 -> 192.168.1.34:631 (off)',
  'tcp 64738 -> 192.168.1.31:64738 and udp 64738 -> 192.168.1.31:64738',
  'tcp 80 -> 192.168.1.10:80',
  'tcp 8883 -> 192.168.1.12:8883 from 198.51.100.0/24',
  'tcp 9443 -> 192.168.1.11:443 from 198.51.100.0/24',
  'udp 27000-27015 -> 192.168.1.30:27000-27015',
  'udp 51821 -> 192.168.1.32:51821',
];
const BRANCH_WIKI = 'tcp 8443 -> 192.168.1.11:443';

const UP = ['up', '--yes', '--skip-preview', '--parallel', '64'];
const REFRESHED = ['--refresh', '--run-program'];

/** What a command says at its end of each resource that failed on the branch; the engine says some of it twice. */
function failures({ output }: Run): string[] {
  const summary = output.slice(output.indexOf('Diagnostics:'));
  return summary.split(/\n\n/).flatMap((part) => /error: (Gateway "branch": .*)/.exec(part)?.[1] ?? []);
}

const AT_LENGTH = /^Gateway "branch": Nobody listens at .* Is uhttpd running/;

/** One rule says why and what to do, the others that it is the same. */
function expectToldOnce(said: readonly string[], atLeast: number): void {
  expect(said.length).toBeGreaterThanOrEqual(atLeast);
  const others = said.filter((line) => !AT_LENGTH.test(line));
  expect(said).toHaveLength(others.length + 1);
  expect(new Set(others)).toEqual(new Set(['Gateway "branch": the same as for another rule.']));
}

describePulumi('pulumi: two sites in one program', (bench) => {
  const step = story();
  let office: PracticeGateway;
  let branch: PracticeRouter;
  let pulumi: PulumiProject;
  let foreign: { readonly office: string; readonly branch: string };

  const edit = (from: string, to: string): void => {
    const rules = pulumi.directory.read('rules.ts');
    expect(rules).toContain(from);
    pulumi.directory.write('rules.ts', rules.replace(from, to));
  };
  const run = (...args: string[]): Promise<Run> => pulumi.run(...args);
  const expectForeign = (): void => {
    expect(JSON.stringify(office.kernel.tamper.foreign())).toBe(foreign.office);
    expect(branch.foreign).toBe(foreign.branch);
  };
  const serves = async (web: number): Promise<void> => {
    expect(await office.forwards()).toContain(`tcp 80,443 -> 192.168.50.${web}:80,443`);
  };

  beforeAll(async () => {
    [office, branch] = [await bench.gateway(), await bench.router()];
    const theirs = normalise({ name: 'x', externalPort: 8080, internalAddress: '192.168.50.20' });
    office.kernel.tamper.addForeign({
      handle: 'ip nat PREROUTING 7',
      forward: theirs.forward,
      restriction: null,
      label: 'dnat in table ip nat, chain PREROUTING',
    });
    foreign = { office: JSON.stringify(office.kernel.tamper.foreign()), branch: branch.foreign };
    const { url, password, pins } = branch.reachedBy;
    pulumi = await bench.example('two-sites');
    pulumi.env = { ...pulumi.env, BRANCH_PASSWORD: password };
    await pulumi.succeed('config', 'set', 'officeSocket', office.socket);
    await pulumi.succeed('config', 'set', 'branchUrl', url);
    await pulumi.succeed('config', 'set', '--path', 'branchPins[0]', pins[0] as string);
  });

  step('one up puts ten rules on each, and a second one has nothing to do', async () => {
    expect(await pulumi.succeed(...UP)).not.toContain('warning');
    expect(await pulumi.rules()).toHaveLength(20);
    expect(await office.forwards()).toEqual([...OFFICE, OFFICE_WIKI].sort());
    expect(await branch.forwards()).toEqual(BRANCH);
    // Its types were checked once.
    pulumi.env = { ...pulumi.env, PULUMI_NODEJS_TRANSPILE_ONLY: 'true' };
    await pulumi.succeed(...UP, '--expect-no-changes');
    expectForeign();
  });

  step('one word moves a rule: it is open at the new site before it is closed at the old one', async () => {
    edit("wiki: { site: 'office'", "wiki: { site: 'branch'");
    const atRemoval: string[][] = [];
    office.kernel.tamper.hold(async () => {
      atRemoval.push(await branch.forwards());
    });
    await pulumi.succeed(...UP);
    office.kernel.tamper.hold(null);
    expect(atRemoval).toEqual([[...BRANCH, BRANCH_WIKI].sort()]);
    expect(await office.forwards()).toEqual(OFFICE);
    expect(await branch.forwards()).toEqual([...BRANCH, BRANCH_WIKI].sort());
    expect(await pulumi.rules()).toHaveLength(20);
    await pulumi.unchanged(...REFRESHED);
    expectForeign();
  });

  step('drift at one site names the property of that one rule, and the next up mends it', async () => {
    const { byHand } = branch.simulator;
    const camera = byHand.sections('redirect').find(({ options }) => options.get('src_dport') === '554');
    byHand.change(camera?.name ?? '', { dest_ip: '192.168.1.66' });
    const { apply } = office.kernel.tamper.calls;
    const { code, output } = await pulumi.preview(...REFRESHED, '--expect-no-changes');
    // 7 = it would change something, 1 = it could not be told.
    expect(code).toBe(7);
    expect(output.match(/PortForwardRule: \(update\)/g)).toHaveLength(1);
    expect(output).toMatch(/\(update\)\n\s+\[id=two-sites\/dev\/camera\]/);
    // Beside the property Pulumi shows the recorded entries, of which the live one is another.
    const properties = output.match(/ ~ (?!entries|content)\w+ *: .*/g);
    expect(properties?.map((line) => line.trim())).toEqual([
      '~ internalAddress: "192.168.1.20" => "192.168.1.66"',
      '~ internalAddress: "192.168.1.66" => "192.168.1.20"',
    ]);
    await pulumi.succeed(...UP, ...REFRESHED);
    expect(await branch.forwards()).toEqual([...BRANCH, BRANCH_WIKI].sort());
    expect(office.kernel.tamper.calls.apply).toBe(apply);
    expectForeign();
  });

  step(
    'a silent site that has nothing to do: a warning, and status 0 where the refresh may keep it',
    async () => {
      await branch.simulator.powerOff();
      edit("web: { site: 'office', host: 10", "web: { site: 'office', host: 100");
      const plain = await run(...UP);
      expect(plain).toMatchObject({
        code: 0,
        output: expect.stringContaining('"branch" could not be looked at'),
      });
      await serves(100);
      edit('host: 100', 'host: 101');
      const kept = await run(...UP, ...REFRESHED);
      expect(kept).toMatchObject({ code: 0, output: expect.stringContaining('"branch" did not answer') });
      await serves(101);
    },
  );

  step(
    'with changes for the silent site the other one is served under --continue-on-error, and the status is 1',
    async () => {
      edit('host: 101', 'host: 102');
      edit('host: 20, externalPort: 554', 'host: 120, externalPort: 554');
      edit("host: 10, externalPort: '80,443' },\n  till", "host: 110, externalPort: '80,443' },\n  till");
      // Two that move meanwhile, one away from the silent site and one to it.
      edit("wiki: { site: 'branch'", "wiki: { site: 'office'");
      edit("vpn: { site: 'office'", "vpn: { site: 'branch'");
      const plain = await run(...UP, '--continue-on-error');
      expect(plain.code).toBe(1);
      expectToldOnce(failures(plain), 3);
      await serves(102);
      // It is open where it goes to, and not closed where it cannot go.
      expect(await office.forwards()).toContain(OFFICE_WIKI);
      expect(await office.forwards()).toContain(VPN);
      edit("vpn: { site: 'branch'", "vpn: { site: 'office'");
      edit('host: 102', 'host: 103');
      expect((await run(...UP, ...REFRESHED, '--continue-on-error')).code).toBe(1);
      await serves(103);
    },
  );

  step(
    'a refresh that may not keep it ends with the silent site, whatever --continue-on-error says',
    async () => {
      const fail = ['--config', 'unreachable=fail'];
      const looked = await pulumi.preview(...REFRESHED, '--expect-no-changes', ...fail);
      expect(looked).toMatchObject({ code: 1, output: expect.stringContaining('"branch": Nobody listens') });
      const continued = await run(...UP, ...REFRESHED, '--continue-on-error', ...fail);
      expect(continued.code).toBe(1);
      expectToldOnce(failures(continued), 2);
    },
  );

  step('when the site is back one up makes all as declared; destroy leaves what is not ours', async () => {
    await branch.simulator.powerOn();
    await pulumi.succeed(...UP, ...REFRESHED);
    const moved = BRANCH.map((line) => line.replace('1.20:', '1.120:').replace('1.10:', '1.110:'));
    expect(await branch.forwards()).toEqual(moved.sort());
    expect(await office.forwards()).toContain(OFFICE_WIKI);
    await pulumi.unchanged(...REFRESHED);
    await pulumi.destroy();
    expect(await office.forwards()).toEqual([]);
    expect(await branch.forwards()).toEqual([]);
    expectForeign();
  });
});
