import { addresses } from '../../../lab/namespaces/network';
import { describeWhere, missingForLab } from '../../support/needs';
import { entry } from './entries';
import { Practice } from './practice';

jest.setTimeout(60_000);

const { wan } = addresses.gateway;
const { client } = addresses.internet;

describeWhere(missingForLab(), 'other firewalls on the gateway', () => {
  let practice: Practice;
  beforeAll(async () => {
    practice = await Practice.start();
    await practice.lab.on('server').greet(443);
    await practice.lab.on('server').greet(80);
    await practice.lab.on('gateway').greet(8022);
  });
  beforeEach(() => practice.clean());
  afterEach(() => practice.lab.nft('add table inet closed\ndelete table inet closed'));
  afterAll(() => practice?.stop());

  const blocked = async () => (await practice.kernel.read()).ours.map((one) => one.blocked);
  const reach = (port: number) => practice.tcp('internet', { to: wan, port, from: client, timeout: 700 });
  /** The command that the hint gives, run as the user would. */
  const obey = async (hint: string | undefined) => {
    const command = /`((?:nft|iptables) [^`]+)`/.exec(hint ?? '')?.[1] ?? '';
    await practice.lab.nft(command.replace(/^nft /, ''));
  };

  test('a forward policy drop: said with the line, opened by it, for declared ports only', async () => {
    await practice.lab.firewall('drop');
    const web = entry('web', { externalPort: 443 });
    await practice.forward(web);
    expect(await reach(443)).toBe('silent');
    const [why] = await blocked();
    expect(why?.message).toContain('table inet hostfw, chain forward');
    expect(why?.hint).toContain('meta mark and 0x10000000 == 0x10000000 accept');
    expect((await practice.kernel.facts()).problems).toMatchObject([{ code: 'blocked', hint: why?.hint }]);
    await obey(why?.hint);
    expect(await blocked()).toEqual([null]);
    expect((await practice.kernel.facts()).problems).toEqual([]);
    expect(await reach(443)).toBe(`server:443 sees ${client}`);
    // A forward of somebody else's stays as closed as before: the line names our mark, not dnat.
    await practice.lab.nft(`table inet closed {
      chain pre {
        type nat hook prerouting priority -100;
        iifname "wan0" tcp dport 80 dnat ip to ${addresses.server.lan}
      }
    }`);
    expect(await reach(80)).toBe('silent');
  });

  test('a firewall that accepts dnat is no obstacle', async () => {
    await practice.lab.firewall('drop');
    await practice.lab.nft('insert rule inet hostfw forward ct status dnat accept');
    await practice.forward(entry('web', { externalPort: 443 }));
    expect(await blocked()).toEqual([null]);
    expect(await reach(443)).toBe(`server:443 sees ${client}`);
  });

  test('a firewall that accepts this port only blocks the others', async () => {
    await practice.lab.firewall('drop');
    await practice.lab.nft(
      `insert rule inet hostfw forward iifname "wan0" ip daddr ${addresses.server.lan} tcp dport { 80, 8000-8010 } accept`,
    );
    await practice.forward(
      entry('open', { externalPort: 2080, internalPort: 80, wan: 'wan0' }),
      entry('closed', { externalPort: 443, wan: 'wan0' }),
    );
    const why = new Map(
      (await practice.kernel.read()).ours.map(({ forward, blocked }) => [
        forward.traffic[0]?.ports[0]?.from,
        blocked,
      ]),
    );
    expect(why.get(2080)).toBeNull();
    expect(why.get(443)).toMatchObject({ message: expect.stringContaining('inet hostfw') });
    expect(await reach(2080)).toBe(`server:80 sees ${client}`);
    expect(await reach(443)).toBe('silent');
  });

  test('a Docker host: the hint speaks of DOCKER-USER, and its rule opens', async () => {
    await practice.lab.firewall('docker');
    await practice.forward(entry('web', { externalPort: 443 }));
    expect(await reach(443)).toBe('silent');
    const [why] = await blocked();
    expect(why?.hint).toContain('iptables -I DOCKER-USER -m mark --mark 0x10000000/0x10000000 -j ACCEPT');
    // What that command writes, by nft.
    await practice.lab.nft(
      'insert rule ip filter DOCKER-USER meta mark and 0x10000000 == 0x10000000 counter accept',
    );
    expect(await blocked()).toEqual([null]);
    expect(await reach(443)).toBe(`server:443 sees ${client}`);
  });

  test('an input policy drop blocks a service of the gateway, and the same line opens it', async () => {
    await practice.lab.nft(`table inet closed {
      chain input {
        type filter hook input priority 0; policy drop;
        ct state vmap { established : accept, related : accept, invalid : drop }
      }
    }`);
    await practice.forward(
      entry('own', { externalPort: 2222, internalPort: 8022, internalAddress: 'gateway' }),
      entry('web', { externalPort: 443 }),
    );
    expect(await reach(2222)).toBe('silent');
    expect(await reach(443)).toBe(`server:443 sees ${client}`);
    const why = (await practice.kernel.read()).ours.find(
      ({ forward }) => forward.target.kind === 'gateway',
    )?.blocked;
    expect(why?.message).toContain('table inet closed, chain input');
    await obey(why?.hint);
    expect(await blocked()).toEqual([null, null]);
    expect(await reach(2222)).toBe(`gateway:8022 sees ${client}`);
  });

  test('no bit of a mark but ours changes, on the packet or on the connection', async () => {
    await practice.lab.nft(`table inet closed {
      chain pre {
        type filter hook prerouting priority -150;
        ct state new ct mark set 0x42
        meta mark set 0x21
      }
      chain late {
        type filter hook forward priority 10;
        meta mark 0x10000021 ct mark 0x10000042 accept
        iifname "wan0" drop
      }
    }`);
    await practice.forward(entry('web', { externalPort: 443 }));
    expect(await reach(443)).toBe(`server:443 sees ${client}`);
  });

  test("other tables' forwards are told, and stay byte-identical", async () => {
    await practice.lab.firewall('docker');
    await practice.lab.nft(`table inet closed {
      set friends { type ipv4_addr; flags interval; elements = { 198.51.100.0/24 } }
      map hosts { type inet_service : ipv4_addr; elements = { 7001 : 192.168.50.10, 7002 : 192.168.50.20 } }
      chain pre {
        type nat hook prerouting priority -100;
        iifname "wan0" ip saddr @friends tcp dport { 80, 8000-8010 } dnat ip to ${addresses.server.lan}
        iifname "br0" tcp dport 80 redirect to :3128
        ip daddr ${wan} udp dport 53 redirect to :5353
        tcp dport 81 meta skuid 0 dnat ip to ${addresses.server.lan}:80
        dnat ip to tcp dport map @hosts
      }
    }`);
    const before = await practice.gateway('nft', '-a', 'list', 'table', 'inet', 'closed');
    const { foreign } = await practice.kernel.read();
    const told = foreign.map(({ forward, restriction, label }) => ({
      ports: forward.traffic.map(
        ({ protocol, ports }) =>
          `${protocol} ${ports.map(({ from, to, target }) => `${from}-${to}>${target}`)}`,
      ),
      target: forward.target.kind === 'host' ? forward.target.address : 'gateway',
      wan: forward.wan,
      sources: forward.sources,
      restricted: restriction !== null,
      label,
    }));
    const label = 'dnat in table inet closed, chain pre';
    const open = { wan: null, sources: null, restricted: false, label };
    expect(told).toEqual([
      {
        ...open,
        ports: ['tcp 8088-8088>80'],
        target: '172.17.0.2',
        label: 'dnat in table ip nat, chain DOCKER',
      },
      {
        ...open,
        ports: ['tcp 80-80>80,8000-8010>8000'],
        target: addresses.server.lan,
        wan: 'wan0',
        sources: ['198.51.100.0/24'],
      },
      {
        ...open,
        ports: ['udp 53-53>5353'],
        target: 'gateway',
        wan,
        label: 'redirect in table inet closed, chain pre',
      },
      { ...open, ports: ['tcp 81-81>80'], target: addresses.server.lan, restricted: true },
      { ...open, ports: ['tcp 7001-7001>7001'], target: addresses.server.lan },
      { ...open, ports: ['tcp 7002-7002>7002'], target: addresses.desk.lan },
    ]);
    const web = entry('web', { externalPort: 443 });
    await practice.forward(web);
    await practice.kernel.restore([web]);
    await practice.forward();
    expect(await practice.gateway('nft', '-a', 'list', 'table', 'inet', 'closed')).toBe(before);
  });
});
