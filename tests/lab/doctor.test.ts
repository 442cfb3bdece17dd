import { compiled } from '../../lab/namespaces/compiled';
import type { Host } from '../../lab/namespaces/network';
import { RealWorld } from '../../lab/tour/real-world';
import type { RuleInputs } from '../../provider/rule/rule';
import type { Session } from '../../provider/session/session';
import { describeWhere, missingForLab } from '../support/needs';
import { openSession, web } from './whole';

jest.setTimeout(60_000);

/** The real command on machines of the lab, as a newcomer types it in the first ten minutes. */
describeWhere(missingForLab(), 'list and doctor on the LAN', () => {
  let world: RealWorld;
  let session: Session;
  beforeAll(async () => {
    world = await RealWorld.start();
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
    }
  });
});
