import { addresses } from '../../../lab/namespaces/network';
import { describeWhere, missingForLab } from '../../support/needs';
import { entry } from './entries';
import { Practice } from './practice';

jest.setTimeout(60_000);

const { wan, wan2, lan } = addresses.gateway;
const { client, stranger } = addresses.internet;

describeWhere(missingForLab(), 'forwards move packets', () => {
  let practice: Practice;
  beforeAll(async () => {
    practice = await Practice.start();
    const { lab } = practice;
    const server = lab.on('server');
    for (const port of [80, 443, 8443, 7000, 7005, 7010, 9000, 9005, 9010]) await server.greet(port);
    for (const port of [53, 7005, 9003, 8443]) await server.echo(port);
    await lab.on('desk').greet(443);
    await lab.on('gateway').greet(8022);
    await lab.on('gateway').greet(443);
  });
  beforeEach(() => practice.clean());
  afterAll(() => practice?.stop());

  test('tcp to another port reaches the server, which sees the real source', async () => {
    const web = entry('web', { externalPort: 2443, internalPort: 8443 });
    expect(await practice.tcp('internet', { to: wan, port: 2443, from: client })).toBe('refused');
    await practice.forward(web);
    expect(await practice.tcp('internet', { to: wan, port: 2443, from: client })).toBe(
      `server:8443 sees ${client}`,
    );
    expect(await practice.udp('internet', { to: wan, port: 2443, from: client })).toBe('refused');
    expect(await practice.counters(web)).toEqual({ connections: 1, denied: 0 });
    await practice.forward();
    expect(await practice.tcp('internet', { to: wan, port: 2443, from: client })).toBe('refused');
  });

  test('udp, and both protocols under one entry', async () => {
    await practice.forward(
      entry('dns', { externalPort: 53, protocol: 'udp' }),
      entry('both', { externalPort: 2443, internalPort: 8443, protocol: 'tcp+udp' }),
    );
    const call = { to: wan, from: client };
    expect(await practice.udp('internet', { ...call, port: 53 })).toBe(`server:53 sees ${client}`);
    expect(await practice.tcp('internet', { ...call, port: 53 })).toBe('refused');
    expect(await practice.tcp('internet', { ...call, port: 2443 })).toBe(`server:8443 sees ${client}`);
    expect(await practice.udp('internet', { ...call, port: 2443 })).toBe(`server:8443 sees ${client}`);
  });

  test('lists and ranges, with ports kept or shifted, each port to its own', async () => {
    const many = entry('many', {
      externalPort: '80,2443,6000-6010,7000-7010',
      internalPort: '80,8443,9000-9010,7000-7010',
      protocol: 'tcp+udp',
    });
    await practice.forward(many);
    const seen = new Map<number, string>();
    for (const port of [80, 2443, 6000, 6005, 6010, 7000, 7005, 7010, 6011, 7011, 5999]) {
      seen.set(port, await practice.tcp('internet', { to: wan, port, from: client }));
    }
    const server = (port: number) => `server:${port} sees ${client}`;
    expect([...seen]).toEqual([
      ...[80, 8443, 9000, 9005, 9010, 7000, 7005, 7010].map((port, at) => [
        [...seen.keys()][at],
        server(port),
      ]),
      ...[6011, 7011, 5999].map((port) => [port, 'refused']),
    ]);
    expect(await practice.udp('internet', { to: wan, port: 6003, from: client })).toBe(server(9003));
    expect(await practice.udp('internet', { to: wan, port: 7005, from: client })).toBe(server(7005));
    expect(await practice.counters(many)).toEqual({ connections: 10, denied: 0 });
  });

  test('who is not among the sources is counted and gets no answer, not even from the gateway itself', async () => {
    const web = entry('web', { externalPort: 443, sources: [`${client}/32`] });
    await practice.forward(web);
    expect(await practice.tcp('internet', { to: wan, port: 443, from: client })).toBe(
      `server:443 sees ${client}`,
    );
    // Less than the second after which the first packet is sent again.
    expect(await practice.tcp('internet', { to: wan, port: 443, from: stranger, timeout: 700 })).toBe(
      'silent',
    );
    expect(await practice.counters(web)).toEqual({ connections: 1, denied: 1 });
    // Without the entry the gateway's own service answers: that is what the stranger must not reach.
    await practice.forward();
    expect(await practice.tcp('internet', { to: wan, port: 443, from: stranger })).toBe(
      `gateway:443 sees ${stranger}`,
    );
  });

  test('two entries on one port, each for its own sources; a third caller is denied by both', async () => {
    const a = entry('a', { externalPort: 443, sources: [`${client}/32`] });
    const b = entry('b', {
      externalPort: '440-450',
      internalAddress: addresses.desk.lan,
      sources: [`${stranger}/32`],
    });
    await practice.forward(a, b);
    expect(await practice.tcp('internet', { to: wan, port: 443, from: client })).toBe(
      `server:443 sees ${client}`,
    );
    expect(await practice.tcp('internet', { to: wan, port: 443, from: stranger })).toBe(
      `desk:443 sees ${stranger}`,
    );
    const third = addresses.internet.site;
    expect(await practice.tcp('internet', { to: wan, port: 443, from: third, timeout: 700 })).toBe('silent');
    expect(await practice.tcp('internet', { to: wan, port: 441, from: client, timeout: 700 })).toBe('silent');
    expect(await practice.counters(a)).toEqual({ connections: 1, denied: 1 });
    expect(await practice.counters(b)).toEqual({ connections: 1, denied: 2 });
  });

  test('a service of the gateway itself, on every WAN, under another port and port by port', async () => {
    await practice.lab.on('gateway').greet(8032);
    const own = entry('own', { externalPort: 2222, internalPort: 8022, internalAddress: 'gateway' });
    const range = entry('range', {
      externalPort: '3020-3040',
      internalPort: '8012-8032',
      internalAddress: 'gateway',
    });
    const same = entry('same', { externalPort: 8022, internalAddress: 'gateway' });
    await practice.forward(own, range, same);
    for (const [port, answers] of [
      [2222, 8022],
      [3030, 8022],
      [3040, 8032],
      [8022, 8022],
    ] as const) {
      expect(await practice.tcp('internet', { to: wan, port, from: client })).toBe(
        `gateway:${answers} sees ${client}`,
      );
    }
    expect(await practice.tcp('internet', { to: wan2, port: 2222 })).toBe(
      `gateway:8022 sees ${addresses.internet.isp2}`,
    );
    expect(await practice.counters(same)).toEqual({ connections: 1, denied: 0 });
  });

  test('what is only routed through the gateway, to a public address of another host, is left alone', async () => {
    // A routed prefix: its host is behind the gateway, but the address is not the gateway's.
    const routed = '203.0.113.200';
    await practice.lab.exec('server', ['ip', 'address', 'add', `${routed}/32`, 'dev', 'lo']);
    await practice.gateway('ip', 'route', 'replace', `${routed}/32`, 'via', addresses.server.lan);
    await practice.lab.exec('internet', ['ip', 'route', 'replace', `${routed}/32`, 'via', wan]);
    const web = entry('web', { externalPort: 443, internalAddress: addresses.desk.lan });
    await practice.forward(web);
    expect(await practice.tcp('internet', { to: routed, port: 443, from: client })).toBe(
      `server:443 sees ${client}`,
    );
    expect(await practice.tcp('internet', { to: wan, port: 443, from: client })).toBe(
      `desk:443 sees ${client}`,
    );
    expect(await practice.counters(web)).toEqual({ connections: 1, denied: 0 });
  });

  test('a LAN host that calls the gateway by its LAN address gets the gateway', async () => {
    await practice.forward(entry('web', { externalPort: 443 }));
    expect(await practice.tcp('desk', { to: lan, port: 443 })).toBe(`gateway:443 sees ${addresses.desk.lan}`);
  });

  test('logging changes nothing for the packets, and no text of a user is in the ruleset', async () => {
    const web = entry('web', { externalPort: 443, log: true });
    await practice.forward({ ...web, forward: { ...web.forward, description: 'x" drop # \n evil' } });
    expect(await practice.tcp('internet', { to: wan, port: 443, from: client })).toBe(
      `server:443 sees ${client}`,
    );
    const text = await practice.gateway('nft', 'list', 'table', 'inet', 'portforward');
    expect(text).toContain(`log prefix "pf ${web.tag} "`);
    expect(text).not.toMatch(/evil|comment/);
  });

  test('a wide shifted range of both protocols', async () => {
    await practice.lab.on('server').greet(40_123);
    const wide = entry('wide', {
      externalPort: '20000-29999',
      internalPort: '32000-41999',
      protocol: 'tcp+udp',
    });
    await practice.forward(wide);
    expect(await practice.tcp('internet', { to: wan, port: 28_123, from: client })).toBe(
      `server:40123 sees ${client}`,
    );
    const { ours } = await practice.kernel.read();
    expect(ours).toMatchObject([{ forward: { traffic: wide.forward.traffic }, restriction: null }]);
  });

  test('a plain user with CAP_NET_ADMIN alone is enough', async () => {
    await practice.forward(entry('web', { externalPort: 443 }));
    const { stdout } = await practice.lab.exec('gateway', [
      ...['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--no-new-privs'],
      ...['--inh-caps', '-all,+net_admin', '--ambient-caps', '-all,+net_admin'],
      ...['--bounding-set', '-all,+net_admin', 'nft', '-j', 'list', 'table', 'inet', 'portforward'],
    ]);
    expect(JSON.parse(stdout).nftables.length).toBeGreaterThan(20);
  });
});
