import { addresses } from '../../lab/namespaces/network';
import { AgentWorld } from '../../lab/tour/worlds/agent';
import type { RuleInputs } from '../../provider/rule/rule';
import type { Session } from '../../provider/session/session';
import { describeWhere, missingForLab } from '../support/needs';
import { brokenClaim, openSession, web } from './whole';

jest.setTimeout(60_000);

const { gateway, internet, server } = addresses;
const LINE = 'meta mark and 0x10000000 == 0x10000000 accept';

/** From the session through the agent's socket to packets: what a user of any engine gets. */
describeWhere(missingForLab(), 'session, agent and packets', () => {
  let world: AgentWorld;
  let session: Session;
  const made: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    world = await AgentWorld.start();
    session = openSession(world.socket);
  });
  afterEach(async () => {
    for (const undo of made.splice(0).reverse()) await undo();
    await world.lab.firewall('open');
  });
  afterAll(async () => {
    await session?.close();
    await world?.stop();
  });

  async function create(inputs: RuleInputs): Promise<void> {
    const state = await session.create(inputs);
    made.push(() => session.delete(state));
  }
  const client = { to: gateway.wan, from: internet.client, timeout: 2500 };

  test('a real FTP server behind two ranges: one passive transfer', async () => {
    await world.lab.on('server').ftp({ port: 21, url: gateway.wan, from: 50000, to: 50020 });
    await create({ name: 'ftp', externalPort: '21,50000-50020', internalAddress: server.lan });
    const reply = await world.lab.on('internet').fetch({ ...client, port: 21, timeout: 10_000 });
    expect(reply).toEqual({ ok: true, text: 'a file from the LAN\n' });
  });

  test('udp: the server answers the real source', async () => {
    await world.lab.on('server').echo(27015);
    await create({ name: 'game', protocol: 'udp', externalPort: 27015, internalAddress: server.lan });
    expect(await world.lab.on('internet').udp({ ...client, port: 27015 })).toMatchObject({
      ok: true,
      text: expect.stringMatching(/^server:27015 sees 203\.0\.113\.7:/),
    });
  });

  test('a rule of one WAN is not on the other', async () => {
    await create({
      name: 'second',
      wan: 'wan1',
      externalPort: 4443,
      internalAddress: server.lan,
      internalPort: 8443,
    });
    const call = (to: string) => world.lab.on('internet').tcp({ to, port: 4443, timeout: 1500 });
    expect(await call(gateway.wan2)).toMatchObject({
      ok: true,
      text: expect.stringContaining('server:8443'),
    });
    expect((await call(gateway.wan)).ok).toBe(false);
  });

  test('the LAN reaches the public address (hairpin)', async () => {
    await create({ name: 'web', externalPort: 443, internalAddress: server.lan, internalPort: 8443 });
    expect(await world.lab.on('desk').tcp({ to: gateway.wan, port: 443 })).toMatchObject({
      ok: true,
      text: expect.stringMatching(/^server:8443 sees /),
    });
  });

  test('behind a dropping firewall an IPv6 pinhole opens its host and port to its sources, and nothing else', async () => {
    await world.lab.firewall('drop');
    await world.obstacle.clear(LINE);
    await create({
      name: 'web6',
      externalPort: 443,
      internalAddress: server.lan6,
      sources: ['2001:db8:7::/122'],
    });
    const call = (to: string, port: number, from: string) =>
      world.lab.on('internet').tcp({ to, port, from, timeout: 1500 });
    expect(await call(server.lan6, 443, internet.client6)).toMatchObject({ ok: true });
    expect((await call(server.lan6, 443, internet.stranger6)).ok).toBe(false);
    expect((await call(server.lan6, 8443, internet.client6)).ok).toBe(false);
    expect((await call(addresses.desk.lan6, 443, internet.client6)).ok).toBe(false);
  });

  test.each(['drop', 'docker'] as const)(
    'behind the firewall of variant %s a create fails with the line that helps, and works after it',
    async (variant) => {
      await world.lab.firewall(variant);
      await expect(session.create(web)).rejects.toMatchObject({
        code: 'blocked',
        hint: expect.stringContaining('0x10000000'),
      });
      const chain = variant === 'drop' ? 'inet hostfw forward' : 'ip filter FORWARD';
      await world.lab.nft(`insert rule ${chain} ${LINE}`);
      await create(web);
      expect(await brokenClaim(world)).toBeNull();
    },
  );

  test('tables of others are byte-identical after create, change and removal', async () => {
    await world.lab.firewall('docker');
    await world.lab.nft(`insert rule ip filter FORWARD ${LINE}`);
    const before = await world.foreign();
    const state = await session.create(web);
    const moved = await session.update(state, { ...web, externalPort: 444 });
    expect(await world.foreign()).toBe(before);
    await session.delete(moved);
    expect(await world.foreign()).toBe(before);
  });

  test('a port that another program forwards is refused by name, and still works for it', async () => {
    await world.lab.firewall('docker');
    const before = await world.foreign();
    await expect(
      session.create({ name: 'mine', externalPort: '8080-8090', internalAddress: server.lan }),
    ).rejects.toMatchObject({ code: 'foreign', message: expect.stringContaining('DOCKER') });
    expect(await world.foreign()).toBe(before);
  });

  test('a forward wins over a service of the gateway on the same port', async () => {
    await world.lab.on('gateway').greet(4480);
    const call = () => world.lab.on('internet').tcp({ ...client, port: 4480 });
    expect(await call()).toMatchObject({ ok: true, text: expect.stringContaining('gateway:4480') });
    await create({ name: 'over', externalPort: 4480, internalAddress: server.lan, internalPort: 8443 });
    expect(await call()).toMatchObject({ ok: true, text: expect.stringContaining('server:8443') });
  });

  test('a flush heals at once, and is counted', async () => {
    await create(web);
    await world.loss.strike();
    expect(await world.loss.recovery?.done()).toBe(true);
    expect(await brokenClaim(world)).toBeNull();
  });
});

describeWhere(missingForLab(), 'an agent that ends', () => {
  let world: AgentWorld;
  beforeAll(async () => {
    world = await AgentWorld.start();
  });
  afterAll(() => world?.stop());

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    '%s: the forward stays, and the next agent knows it and restores what was flushed meanwhile',
    async (signal) => {
      const [before, after] = [openSession(world.socket), openSession(world.socket)];
      const state = await before.create(web);
      await before.close();
      await world.agent.stop(signal);
      expect(await brokenClaim(world)).toBeNull();
      await world.lab.firewall('debian');
      expect(await brokenClaim(world)).toBe('a client on the internet reaches the server');
      world = Object.assign(world, { agent: await world.lab.startAgent() });
      expect(await brokenClaim(world)).toBeNull();
      expect((await after.read(state))?.inputs).toEqual(web);
      await after.delete(state);
      await after.close();
      expect(await brokenClaim(world)).toBe('a client on the internet reaches the server');
    },
  );
});

/** Why nobody here can become somebody else, or null. */
function missingForOrdinary() {
  return missingForLab() ?? (process.getuid?.() === 0 ? null : 'only root can become another user');
}

describeWhere(missingForOrdinary(), 'an agent that is an ordinary user with CAP_NET_ADMIN alone', () => {
  test('forwards, and cleans up after itself', async () => {
    const world = await AgentWorld.start();
    await world.agent.stop();
    const capabilities = ['--inh-caps', '--ambient-caps', '--bounding-set'].flatMap((set) => [
      set,
      '-all,+net_admin',
    ]);
    const agent = await world.lab.startAgent({
      name: 'ordinary',
      owner: 65534,
      through: [
        'setpriv',
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        '--no-new-privs',
        ...capabilities,
      ],
    });
    const session = openSession(agent.socket);
    const state = await session.create(web);
    expect(await brokenClaim(world)).toBeNull();
    await session.delete(state);
    expect(await brokenClaim(world)).toBe('a client on the internet reaches the server');
    await session.close();
    await agent.stop();
    await world.stop();
  });
});
