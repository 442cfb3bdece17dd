import { addresses } from '../../../lab/namespaces/network';
import { describeWhere, missingForLab } from '../../support/needs';
import { entry } from './entries';
import { GatewayKernel } from './gateway-kernel';
import { Practice } from './practice';

jest.setTimeout(60_000);

/** An ordinary user, with these capabilities and no way to more. */
const user = (capabilities: string): string[] => [
  ...['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--no-new-privs'],
  ...['--inh-caps', capabilities, '--ambient-caps', capabilities, '--bounding-set', capabilities],
];

/** An empty directory over the place of nft and conntrack, for the command alone. */
const withoutTools = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /usr/sbin && exec "$@"', 'sh'];

describeWhere(missingForLab(), 'rights', () => {
  let practice: Practice;
  beforeAll(async () => {
    practice = await Practice.start();
    await practice.gateway('install', '-d', '-m', '0700', '-o', '65534', '/run/agent');
    await practice.lab.on('server').greet(443);
  });
  beforeEach(() => practice.clean());
  afterAll(() => practice?.stop());

  test('CAP_NET_ADMIN alone is enough for everything', async () => {
    const kernel = GatewayKernel.start(practice.lab, {
      as: user('-all,+net_admin'),
      runtimeDir: '/run/agent',
    });
    const web = entry('web', { externalPort: 443 });
    expect((await kernel.facts()).problems).toEqual([]);
    await kernel.watch();
    await kernel.restore([]);
    await kernel.apply([], [web]);
    const call = { to: addresses.gateway.wan, port: 443, from: addresses.internet.client };
    const internet = practice.lab.on('internet');
    const held = await internet.tcp({ ...call, hold: true });
    if (!held.ok || held.connection === undefined) throw new Error(held.text);
    expect(held.text).toContain('server:443');
    expect(await kernel.read()).toMatchObject({ intact: true, ours: [{ tag: web.tag, restriction: null }] });
    expect((await kernel.counters()).byTag[web.tag]).toEqual({ connections: 1, denied: 0 });
    await kernel.apply([web], []);
    expect(await internet.say(held.connection, 'still there?', 700)).toMatchObject({ ok: false });
    await practice.lab.firewall('debian');
    await kernel.told('ruleset');
    expect(await practice.gateway('ls', '/run/agent')).toBe('');
    await kernel.stop();
  });

  test('without it, the first problem says so and what to do, and nothing is touched', async () => {
    const kernel = GatewayKernel.start(practice.lab, { as: user('-all'), runtimeDir: '/run/agent' });
    expect((await kernel.facts()).problems[0]).toMatchObject({
      code: 'no-net-admin',
      fatal: true,
      hint: expect.stringContaining('CAP_NET_ADMIN'),
    });
    const failure = { code: 'denied', hint: expect.stringContaining('CAP_NET_ADMIN') };
    await expect(kernel.restore([])).rejects.toMatchObject(failure);
    await expect(kernel.read()).rejects.toMatchObject(failure);
    await kernel.stop();
    expect((await practice.kernel.read()).intact).toBe(true);
  });

  test('without nft and conntrack, each is named with the package that has it', async () => {
    const kernel = GatewayKernel.start(practice.lab, { as: withoutTools });
    const { problems, nft } = await kernel.facts();
    expect(nft).toContain('not installed');
    expect(problems.map(({ code, fatal }) => [code, fatal])).toEqual([
      ['no-nft', true],
      ['no-conntrack', true],
    ]);
    expect(problems[0]?.hint).toContain('apt-get install --no-install-recommends nftables');
    await expect(kernel.restore([])).rejects.toMatchObject({ code: 'unsupported' });
    await kernel.stop();
  });
});
