import { addresses } from '../../../lab/namespaces/network';
import { describeWhere, missingForLab } from '../../support/needs';
import { entry } from './entries';
import { Practice } from './practice';

jest.setTimeout(60_000);

describeWhere(missingForLab(), 'watching the kernel', () => {
  let practice: Practice;
  beforeEach(async () => {
    practice = await Practice.start();
    await practice.kernel.restore([]);
    await practice.kernel.watch();
  });
  afterEach(() => practice?.stop());

  test("somebody's change is told, our own are not", async () => {
    for (let at = 0; at < 5; at++) await practice.forward(entry('web', { externalPort: 443 + at }));
    await practice.kernel.restore([]);
    // Told in order: had one of ours counted as foreign, it would have come before this one.
    await practice.gateway('ip', 'address', 'add', '192.0.2.200/24', 'dev', 'wan1');
    await practice.kernel.told('addresses');
    expect(practice.kernel.events).toEqual(['addresses']);
    await practice.lab.firewall('debian');
    await practice.kernel.told('ruleset');
    expect((await practice.kernel.read()).intact).toBe(false);
  });

  test('a new public address serves the LAN as soon as it is told', async () => {
    await practice.lab.on('server').greet(443);
    await practice.kernel.apply([], [entry('web', { externalPort: 443 })]);
    const to = '198.51.100.99';
    await practice.gateway('ip', 'address', 'add', `${to}/24`, 'dev', 'wan0');
    await practice.kernel.told('addresses');
    expect(await practice.tcp('desk', { to, port: 443 })).toBe(`server:443 sees ${addresses.gateway.lan}`);
  });

  test('a rule written afresh after the public address changed leaves what others changed by hand', async () => {
    const [a, b] = [443, 444].map((port) => entry(`r${port}`, { externalPort: port, internalPort: 443 })) as [
      never,
      never,
    ];
    await practice.forward(a, b);
    const { tag } = b as { tag: string };
    await practice.lab.nft(`add element inet portforward ports4 { tcp . 445 : jump ${tag} }`);
    await practice.gateway('ip', 'address', 'add', '198.51.100.98/24', 'dev', 'wan0');
    await practice.kernel.apply([a, b], [a, b], [(a as { tag: string }).tag]);
    const { intact, ours } = await practice.kernel.read();
    expect(intact).toBe(true);
    expect(ours.find((one) => one.tag === tag)?.forward.traffic[0]?.ports).toHaveLength(2);
  });

  test('watchers end with the kernel', async () => {
    const { stdout } = await practice.lab.exec('gateway', [
      'sh',
      '-c',
      'ps ax -o args | grep -c "[m]onitor"',
    ]);
    expect(Number(stdout)).toBe(2);
    await practice.kernel.stop();
    const after = await practice.lab.exec('gateway', ['sh', '-c', 'ps ax -o args | grep -c "[m]onitor"']);
    expect(Number(after.stdout)).toBe(0);
  });
});
