import { compiled } from '../../lab/namespaces/compiled';
import { addresses, type Host } from '../../lab/namespaces/network';
import { AgentWorld } from '../../lab/tour/worlds/agent';
import type { RuleInputs } from '../../provider/rule/rule';
import type { Session } from '../../provider/session/session';
import { describeWhere, missingForLab } from '../support/needs';
import { openSession, web } from './whole';

jest.setTimeout(60_000);

/** The real command on machines of the lab, as a newcomer types it in the first ten minutes. */
describeWhere(missingForLab(), 'list and doctor on the LAN', () => {
  let world: AgentWorld;
  let session: Session;
  beforeAll(async () => {
    world = await AgentWorld.start();
    session = openSession(world.socket);
  });
  afterAll(async () => {
    await session?.close();
    await world?.stop();
  });

  async function run(host: Host, ...argv: string[]) {
    const command = [process.execPath, compiled('provider/cli/main.js'), ...argv];
    return world.lab.exec(host, command, { env: { PORTFORWARD_SOCKET: world.socket, NO_COLOR: '1' } });
  }
  async function live(): Promise<string> {
    const list = ['nft', 'list', 'table', 'inet', 'portforward'];
    return (await world.lab.exec('gateway', list)).stdout;
  }
  async function chainOf(): Promise<string> {
    return /chain (pf1_\S+) \{/.exec(await live())?.[1] ?? '';
  }
  async function withRule(inputs: RuleInputs, body: () => Promise<void>): Promise<void> {
    const state = await session.create(inputs);
    try {
      await body();
    } finally {
      await session.delete(state);
    }
  }

  test('a forward that works: every line ok, the target answers', async () => {
    await withRule(web, async () => {
      const { code, stdout } = await run('desk', 'doctor');
      expect(stdout).toContain('ok    lab/test/web: 192.168.50.10 answers on tcp 8443.');
      expect(stdout).not.toMatch(/^(fail|warn)/m);
      expect(code).toBe(0);
    });
  });

  test('nothing listens on the target’s port, and nobody has the target’s address: two different findings', async () => {
    await withRule({ ...web, internalPort: 9999 }, async () => {
      const { code, stdout } = await run('desk', 'doctor');
      expect(stdout).toMatch(
        /^fail {2}lab\/test\/web: 192\.168\.50\.10 is there, but nothing answers on tcp 9999\./m,
      );
      expect(code).toBe(1);
    });
    await withRule({ ...web, internalAddress: '192.168.50.99' }, async () => {
      const { code, stdout } = await run('desk', 'doctor');
      expect(stdout).toMatch(/^fail {2}lab\/test\/web: 192\.168\.50\.99 does not answer on tcp 8443\./m);
      expect(code).toBe(1);
    });
  });

  test('a rule that somebody retargeted with nft: named by doctor and by list', async () => {
    await withRule(web, async () => {
      await world.tampering.act();
      const { code, stdout } = await run('desk', 'doctor');
      expect(stdout).toMatch(
        /^fail {2}lab\/test\/web was changed by hand: it now takes tcp 443 .* to 192\.168\.50\.20:8443, which is not what was declared\.\n {6}-> .*pulumi up --refresh/m,
      );
      expect(code).toBe(1);
      expect((await run('desk', 'list')).stdout).toMatch(/^lab\/test\/web .* changed$/m);
    });
  });

  test('what nft added to a rule is told in words, once', async () => {
    await withRule(web, async () => {
      const chain = await chainOf();
      await world.lab.nft(`insert rule inet portforward ${chain} meta hour "12:00"-"13:00" drop`);
      const { code, stdout } = await run('desk', 'doctor');
      expect(stdout).toMatch(/^fail {2}lab\/test\/web was changed by hand: .*hour.*\.$/m);
      expect(stdout.match(/by hand/g)).toHaveLength(1);
      expect(code).toBe(1);
      expect((await run('desk', 'list')).stdout).toMatch(/^lab\/test\/web .* changed: (?!changed).*hour/m);
    });
  });

  test('what no tag tells is seen, too: somebody switched its log on', async () => {
    await withRule(web, async () => {
      const chain = await chainOf();
      const listed = await world.lab.exec('gateway', [
        'nft',
        '-a',
        'list',
        'chain',
        'inet',
        'portforward',
        chain,
      ]);
      const handle = /counter name "\S+_c".* # handle (\d+)/.exec(listed.stdout)?.[1];
      await world.lab.nft(
        `replace rule inet portforward ${chain} handle ${handle} ` +
          `counter name "${chain}_c" log prefix "pf ${chain} " ct mark set ct mark or 0x10000000`,
      );
      const { code, stdout } = await run('desk', 'doctor');
      expect(stdout).toMatch(
        /^fail {2}lab\/test\/web was changed by hand: its connections are now logged\.\n {6}-> .*pulumi up --refresh/m,
      );
      expect(code).toBe(1);
      expect((await run('desk', 'list')).stdout).toMatch(
        /^lab\/test\/web .* changed: its connections are now logged$/m,
      );
    });
  });

  test('a rule whose ports lead nowhere any more is told as switched off', async () => {
    await withRule(web, async () => {
      const maps = [...(await live()).matchAll(/^\tmap (\S+) \{/gm)].map(([, map]) => map);
      await world.lab.nft(maps.map((map) => `flush map inet portforward ${map}\n`).join(''));
      const { code, stdout } = await run('desk', 'doctor');
      expect(stdout).toMatch(/^warn {2}lab\/test\/web is switched off; if you did not declare that, /m);
      expect(code).toBe(0);
      expect((await run('desk', 'list')).stdout).toMatch(/^lab\/test\/web .* off$/m);
    });
  });

  test('on a machine of another network where anything seems to answer, an answer proves nothing', async () => {
    await withRule({ ...web, internalPort: 21 }, async () => {
      const { site } = addresses.internet;
      const lie = `chain out {\ntype nat hook output priority -100; ip daddr 192.168.50.10 meta l4proto tcp dnat to ${site}:443\n}`;
      await world.lab.nft(`table ip lie {\n${lie}\n}\n`, 'internet');
      const route = ['ip', 'route', 'add', '192.168.50.0/24', 'via', addresses.gateway.wan];
      expect((await world.lab.exec('internet', route)).code).toBe(0);
      const { code, stdout } = await run('internet', 'doctor');
      expect(stdout).toMatch(
        /^warn {2}lab\/test\/web: 192\.168\.50\.10 answers on tcp 21 from here, which is another network, so it proves little\.\n {6}-> .*in the LAN/m,
      );
      expect(code).toBe(0);
      expect((await run('gateway', 'doctor')).stdout).toMatch(/^fail .*nothing answers on tcp 21\./m);
    });
  });

  test('ip_forward off is told with the next step', async () => {
    const set = (value: number) =>
      world.lab.exec('gateway', ['sh', '-c', `echo ${value} > /proc/sys/net/ipv4/ip_forward`]);
    await set(0);
    const { code, stdout } = await run('desk', 'doctor');
    await set(1);
    expect(stdout).toMatch(/^fail {2}.*ip_forward.*\n {6}-> .+$/m);
    expect(code).toBe(1);
    expect((await run('desk', 'doctor')).code).toBe(0);
  });

  test('list shows ours and what Docker forwards on the same host', async () => {
    await world.lab.firewall('docker');
    await world.lab.nft('insert rule ip filter FORWARD meta mark and 0x10000000 == 0x10000000 accept');
    await withRule(web, async () => {
      const { code, stdout } = await run('desk', 'list');
      expect(stdout).toMatch(/^lab\/test\/web +tcp 443 +192\.168\.50\.10:8443 +203\.0\.113\.0\/26 +open$/m);
      expect(stdout).toMatch(/^\(foreign\) +tcp 8088 +172\.17\.0\.2:80 .*DOCKER/m);
      expect(code).toBe(0);
    });
    await world.lab.firewall('open');
  });

  test('an agent that has ended: one sentence with the next step, status 3', async () => {
    await world.agent.stop();
    for (const command of ['list', 'doctor']) {
      const { code, stdout, stderr } = await run('desk', command);
      expect(code).toBe(3);
      expect(stdout + stderr).toContain(world.socket);
      expect(stdout + stderr).toContain('`portforward lab status`');
    }
  });
});
