import { addresses } from '../../../lab/namespaces/network';
import { describeWhere, missingForLab } from '../../support/needs';
import { entry } from './entries';
import { Practice } from './practice';

jest.setTimeout(60_000);

const { wan, wan2, lan } = addresses.gateway;
const { client } = addresses.internet;
const desk = addresses.desk.lan;

describeWhere(missingForLab(), 'WANs and hairpin', () => {
  let practice: Practice;
  beforeAll(async () => {
    practice = await Practice.start();
    await practice.lab.on('server').greet(443);
    await practice.lab.on('server').echo(443);
    await practice.lab.on('desk').greet(443);
    await practice.lab.on('gateway').greet(443);
  });
  beforeEach(() => practice.clean());
  afterAll(() => practice?.stop());

  const fromOutside = async () => [
    await practice.tcp('internet', { to: wan, port: 443 }),
    await practice.tcp('internet', { to: wan2, port: 443 }),
  ];
  const server1 = `server:443 sees ${addresses.internet.isp}`;
  const server2 = `server:443 sees ${addresses.internet.isp2}`;
  const gateway1 = `gateway:443 sees ${addresses.internet.isp}`;
  const gateway2 = `gateway:443 sees ${addresses.internet.isp2}`;

  test('every WAN, one by its interface, one by its address', async () => {
    await practice.forward(entry('all', { externalPort: 443 }));
    expect(await fromOutside()).toEqual([server1, server2]);
    await practice.forward(entry('second', { externalPort: 443, wan: 'wan1' }));
    expect(await fromOutside()).toEqual([gateway1, server2]);
    await practice.forward(entry('first', { externalPort: 443, wan }));
    expect(await fromOutside()).toEqual([server1, gateway2]);
  });

  test('one port of two WANs goes to two hosts, and refuses by the sources of its own WAN only', async () => {
    const first = entry('first', { externalPort: 443, wan: 'wan0', sources: ['203.0.113.0/24'] });
    const second = entry('second', { externalPort: 443, wan: 'wan1', internalAddress: desk });
    await practice.forward(first, second);
    expect(await practice.tcp('internet', { to: wan, port: 443, from: client })).toBe(
      `server:443 sees ${client}`,
    );
    expect(await practice.tcp('internet', { to: wan, port: 443, timeout: 700 })).toBe('silent');
    expect(await practice.tcp('internet', { to: wan2, port: 443 })).toBe(
      `desk:443 sees ${addresses.internet.isp2}`,
    );
    expect(await practice.counters(first)).toEqual({ connections: 1, denied: 1 });
  });

  test('an address that nobody has told of yet is served after the next change', async () => {
    const to = '198.51.100.45';
    const [web, more] = [entry('web', { externalPort: 443 }), entry('more', { externalPort: 8443 })];
    await practice.forward(web);
    await practice.gateway('ip', 'address', 'add', `${to}/24`, 'dev', 'wan0');
    try {
      await practice.forward(web, more);
      // From inside the address is matched by our set of them.
      expect(await practice.tcp('desk', { to, port: 443 })).toBe(`server:443 sees ${lan}`);
    } finally {
      await practice.gateway('ip', 'address', 'del', `${to}/24`, 'dev', 'wan0');
    }
  });

  test('a WAN address that changes needs no change of the rules, from outside and from the LAN', async () => {
    const changed = '198.51.100.44';
    await practice.kernel.watch();
    await practice.forward(entry('web', { externalPort: 443, wan: 'wan0' }));
    expect(await practice.tcp('desk', { to: wan, port: 443 })).toBe(`server:443 sees ${lan}`);
    await practice.gateway('ip', 'address', 'add', `${changed}/24`, 'dev', 'wan0');
    await practice.gateway('ip', 'address', 'del', `${wan}/24`, 'dev', 'wan0');
    try {
      // promote_secondaries is off: with its subnet the other address and the route went, too.
      await practice.gateway('ip', 'address', 'replace', `${changed}/24`, 'dev', 'wan0');
      await practice.gateway(
        'ip',
        'route',
        'replace',
        'default',
        'via',
        addresses.internet.isp,
        'dev',
        'wan0',
      );
      await practice.kernel.told('addresses');
      expect(await practice.tcp('internet', { to: changed, port: 443 })).toBe(server1);
      await practice.kernel.read();
      expect(await practice.tcp('desk', { to: changed, port: 443 })).toBe(`server:443 sees ${lan}`);
      const { intact, ours } = await practice.kernel.read();
      expect(intact).toBe(true);
      expect(ours).toHaveLength(1);
    } finally {
      await practice.gateway('ip', 'address', 'flush', 'dev', 'wan0', 'scope', 'global');
      await practice.gateway('ip', 'address', 'add', `${wan}/24`, 'dev', 'wan0');
      await practice.gateway('ip', 'address', 'add', `${addresses.gateway.wan6}/64`, 'dev', 'wan0', 'nodad');
      await practice.gateway(
        'ip',
        'route',
        'replace',
        'default',
        'via',
        addresses.internet.isp,
        'dev',
        'wan0',
      );
    }
  });

  test('hairpin: LAN hosts, the target itself and the gateway reach the public address', async () => {
    await practice.forward(entry('web', { externalPort: 443, protocol: 'tcp+udp' }));
    // On the same wire it must look as if the gateway called, or the answer takes the short way.
    expect(await practice.tcp('desk', { to: wan, port: 443 })).toBe(`server:443 sees ${lan}`);
    expect(await practice.udp('desk', { to: wan, port: 443 })).toBe(`server:443 sees ${lan}`);
    expect(await practice.tcp('server', { to: wan, port: 443 })).toBe(`server:443 sees ${lan}`);
    expect(await practice.tcp('gateway', { to: wan, port: 443 })).toBe(`server:443 sees ${wan}`);
    // Callers from outside keep their address.
    expect(await practice.tcp('internet', { to: wan, port: 443, from: client })).toBe(
      `server:443 sees ${client}`,
    );
  });

  test('hairpin off: the LAN gets the gateway, the internet the server', async () => {
    await practice.forward(entry('web', { externalPort: 443, hairpin: false }));
    expect(await practice.tcp('desk', { to: wan, port: 443 })).toBe(`gateway:443 sees ${desk}`);
    expect(await practice.tcp('gateway', { to: wan, port: 443 })).toBe(`gateway:443 sees ${wan}`);
    expect(await fromOutside()).toEqual([server1, server2]);
  });

  test('hairpin obeys the WAN and the sources', async () => {
    const web = entry('web', { externalPort: 443, wan: 'wan1', sources: ['198.51.100.0/24', `${desk}/32`] });
    await practice.forward(web);
    expect(await practice.tcp('desk', { to: wan2, port: 443 })).toBe(`server:443 sees ${lan}`);
    expect(await practice.tcp('desk', { to: wan, port: 443 })).toBe(`gateway:443 sees ${desk}`);
    expect(await practice.tcp('server', { to: wan2, port: 443, timeout: 700 })).toBe('silent');
    expect(await practice.counters(web)).toEqual({ connections: 1, denied: 1 });
    await practice.forward(entry('interface', { externalPort: 443, wan: 'wan1' }));
    expect(await practice.tcp('gateway', { to: wan2, port: 443 })).toBe(`server:443 sees ${wan2}`);
    expect(await practice.tcp('gateway', { to: wan, port: 443 })).toBe(`gateway:443 sees ${wan}`);
    await practice.forward(entry('address', { externalPort: 443, wan: wan2 }));
    expect(await practice.tcp('desk', { to: wan2, port: 443 })).toBe(`server:443 sees ${lan}`);
    expect(await practice.tcp('desk', { to: wan, port: 443 })).toBe(`gateway:443 sees ${desk}`);
  });

  test('hairpin to a service of the gateway itself', async () => {
    await practice.forward(
      entry('own', { externalPort: 2443, internalPort: 443, internalAddress: 'gateway' }),
    );
    expect(await practice.tcp('desk', { to: wan, port: 2443 })).toBe(`gateway:443 sees ${desk}`);
    expect(await practice.tcp('gateway', { to: wan, port: 2443 })).toContain('gateway:443');
  });
});
