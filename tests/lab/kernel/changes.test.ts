import { addresses } from '../../../lab/namespaces/network';
import { describeWhere, missingForLab } from '../../support/needs';
import { entry } from './entries';
import { GatewayKernel } from './gateway-kernel';
import { Practice } from './practice';

jest.setTimeout(60_000);

const { wan } = addresses.gateway;
const { client, stranger, site, isp } = addresses.internet;
const desk = addresses.desk.lan;

describeWhere(missingForLab(), 'changes of the live table', () => {
  let practice: Practice;
  beforeAll(async () => {
    practice = await Practice.start();
    const { lab } = practice;
    for (const host of ['server', 'desk', 'internet'] as const) {
      await lab.on(host).greet(443);
      await lab.on(host).echo(5353);
    }
    await lab.on('gateway').greet(8022);
    await lab.on('gateway').echo(5354);
  });
  beforeEach(() => practice.clean());
  afterAll(() => practice?.stop());

  /** A connection that stays open, and whether it still answers. */
  const hold = async (
    host: 'internet' | 'desk' | 'server',
    call: { to: string; port: number; from?: string },
  ) => {
    const station = practice.lab.on(host);
    const reply = await station.tcp({ ...call, hold: true });
    if (!reply.ok || reply.connection === undefined) throw new Error(`no connection: ${reply.text}`);
    const { connection } = reply;
    return async (timeout = 3000) => (await station.say(connection, 'still there?', timeout)).ok;
  };

  test('a rule that gets another target cuts its old connections; those of others and their counters live on', async () => {
    const others = Array.from({ length: 20 }, (_, at) =>
      entry(`other-${at}`, { externalPort: 9000 + at, internalPort: 443 }),
    );
    const before = entry('web', { externalPort: 443 });
    const after = entry('web', { externalPort: 443, internalAddress: desk });
    await practice.forward(before, ...others);
    const old = await hold('internet', { to: wan, port: 443, from: client });
    const neighbours = await Promise.all(
      others.map((_, at) => hold('internet', { to: wan, port: 9000 + at, from: client })),
    );
    await practice.forward(after, ...others);
    expect(await practice.tcp('internet', { to: wan, port: 443, from: client })).toBe(
      `desk:443 sees ${client}`,
    );
    expect(await old(700)).toBe(false);
    expect(await Promise.all(neighbours.map((alive) => alive()))).toEqual(others.map(() => true));
    const { byTag } = await practice.kernel.counters();
    expect(others.map(({ tag }) => byTag[tag])).toEqual(others.map(() => ({ connections: 1, denied: 0 })));
    expect(Object.keys(byTag)).toHaveLength(21);
  });

  test('an update leaves no gap: every new connection is answered, by the old target or the new', async () => {
    const targets = [addresses.server.lan, desk];
    const versions = [0, 1].map((at) =>
      entry('web', { externalPort: 443, internalAddress: targets[at] as string }),
    );
    await practice.forward(versions[0] as never);
    let going = true;
    const answers: string[] = [];
    const caller = (async () => {
      while (going) answers.push(await practice.tcp('internet', { to: wan, port: 443, from: client }));
    })();
    try {
      for (let round = 1; round <= 12; round++) await practice.forward(versions[round % 2] as never);
    } finally {
      going = false;
      await caller;
    }
    // One caught between the old rule and the cut of its connections may be closed at once, never refused or silent.
    expect(answers.length).toBeGreaterThan(20);
    expect([...new Set(answers)].sort()).toEqual([`desk:443 sees ${client}`, `server:443 sees ${client}`]);
  });

  test('a removed rule ends its connections, tcp and udp', async () => {
    const both = entry('both', { externalPort: 5353, protocol: 'tcp+udp', internalPort: 5353 });
    const web = entry('web', { externalPort: 443 });
    await practice.forward(both, web);
    const held = await hold('internet', { to: wan, port: 443, from: client });
    const talk = { to: wan, port: 5353, from: client, fromPort: 40_000 };
    expect(await practice.udp('internet', talk)).toContain('server:5353');
    await practice.forward();
    expect(await held(700)).toBe(false);
    // Tracked, it would go on to the server for as long as the peer talks.
    expect(await practice.udp('internet', talk)).toBe('refused');
  });

  test('tightened sources end the connections of those now refused, and no others', async () => {
    await practice.forward(entry('web', { externalPort: 443 }));
    const allowed = await hold('internet', { to: wan, port: 443, from: client });
    const refused = await hold('internet', { to: wan, port: 443, from: stranger });
    await practice.forward(entry('web', { externalPort: 443, sources: [`${client}/32`] }));
    expect(await refused(700)).toBe(false);
    expect(await allowed()).toBe(true);
  });

  test('ports that stay with their target keep their connections while the rule grows and shrinks', async () => {
    await practice.forward(entry('web', { externalPort: '443,8443', internalPort: '443,443' }));
    const stays = await hold('internet', { to: wan, port: 443, from: client });
    const goes = await hold('internet', { to: wan, port: 8443, from: client });
    await practice.forward(entry('web', { externalPort: '440-450' }));
    expect(await stays()).toBe(true);
    expect(await goes(700)).toBe(false);
  });

  test('narrowed to one WAN, the connections of the other end', async () => {
    await practice.forward(entry('web', { externalPort: 443 }));
    const first = await hold('internet', { to: wan, port: 443, from: client });
    const second = await hold('internet', { to: addresses.gateway.wan2, port: 443 });
    await practice.forward(entry('web', { externalPort: 443, wan: 'wan0' }));
    expect(await first()).toBe(true);
    expect(await second(700)).toBe(false);
  });

  test('a udp forward takes over a peer that already talks, to nobody or to a service of the gateway', async () => {
    const calls = [5353, 5354].map((port) => ({ to: wan, port, from: client, fromPort: 41_000 }));
    expect(await practice.udp('internet', calls[0] as never)).toBe('refused');
    expect(await practice.udp('internet', calls[1] as never)).toContain('gateway:5354');
    await practice.forward(
      entry('game', { externalPort: '5353-5354', internalPort: '5353-5354', protocol: 'udp' }),
    );
    await practice.lab.on('server').echo(5354);
    expect(await practice.udp('internet', calls[0] as never)).toContain('server:5353');
    expect(await practice.udp('internet', calls[1] as never)).toContain('server:5354');
  });

  test('a tcp session with the gateway itself outlives the forward of its port', async () => {
    const session = await hold('internet', { to: wan, port: 8022, from: client });
    await practice.forward(entry('ssh', { externalPort: 8022, internalPort: 443 }));
    expect(await practice.tcp('internet', { to: wan, port: 8022, from: client })).toContain('server:443');
    expect(await session()).toBe(true);
  });

  test('logging and hairpin change in place: connections and counters live on', async () => {
    const web = entry('web', { externalPort: 443 });
    await practice.forward(web);
    const held = await hold('internet', { to: wan, port: 443, from: client });
    const inside = await hold('desk', { to: wan, port: 443 });
    await practice.forward(entry('web', { externalPort: 443, log: true, hairpin: false }));
    expect(await held()).toBe(true);
    expect(await inside()).toBe(true);
    expect(await practice.counters(web)).toEqual({ connections: 2, denied: 0 });
  });

  test('nobody else suffers: 20 connections of the LAN to port 443 outside live through add, change and remove', async () => {
    const outbound = await Promise.all(
      Array.from({ length: 20 }, (_, at) => hold(at % 2 ? 'desk' : 'server', { to: site, port: 443 })),
    );
    // A datagram's answer comes from the nearest address of a host with several.
    const udp = { to: isp, port: 5353, fromPort: 42_000 };
    expect(await practice.udp('desk', udp)).toContain('internet:5353');
    const alive = async () => (await Promise.all(outbound.map((one) => one()))).filter(Boolean).length;
    /** What the kernel tracks of them: a connection that is forgotten and found again has another id. */
    const tracked = async () => {
      const lists = [
        await practice.gateway('conntrack', '-L', '-o', 'id', '--orig-dst', site),
        await practice.gateway('conntrack', '-L', '-o', 'id', '--orig-dst', isp),
      ];
      return [...lists.join('').matchAll(/\bid=(\d+)/g)].map(([, id]) => id).sort();
    };
    const ids = await tracked();
    expect(ids).toHaveLength(21);
    const rule = { externalPort: '443,5353', protocol: 'tcp+udp' } as const;
    /** Each change has connections of its own to end. */
    const callers = async () => {
      const own = await hold('internet', { to: wan, port: 443, from: client });
      await practice.udp('internet', { to: wan, port: 5353, from: client, fromPort: 43_000 });
      return own;
    };
    await practice.forward(entry('web', rule));
    expect(await alive()).toBe(20);
    const versions = [
      { ...rule, internalAddress: desk },
      { ...rule, internalAddress: desk, sources: ['203.0.113.64/28'] },
    ];
    for (const version of versions) {
      const own = await callers();
      await practice.forward(entry('web', version));
      expect(await own(700)).toBe(false);
      expect(await tracked()).toEqual(ids);
    }
    const last = await hold('internet', { to: wan, port: 443, from: stranger });
    await practice.forward();
    expect(await last(700)).toBe(false);
    expect(await tracked()).toEqual(ids);
    expect(await alive()).toBe(20);
  });

  test('several forwards at once, and entries that share a port come and go', async () => {
    const a = entry('a', { externalPort: '440-450', sources: ['203.0.113.0/28'] });
    const b = entry('b', { externalPort: 443, sources: ['203.0.113.64/28'], internalAddress: desk });
    await practice.forward(a);
    await practice.forward(a, b);
    expect(await practice.tcp('internet', { to: wan, port: 443, from: client })).toContain('server:443');
    expect(await practice.tcp('internet', { to: wan, port: 443, from: stranger })).toContain('desk:443');
    await practice.forward(b);
    expect(await practice.tcp('internet', { to: wan, port: 443, from: stranger })).toContain('desk:443');
    expect(await practice.tcp('internet', { to: wan, port: 443, from: client, timeout: 700 })).toBe('silent');
    expect(await practice.tcp('internet', { to: wan, port: 441, from: client })).toBe('refused');
    await practice.forward();
    const chains = await practice.gateway('nft', 'list', 'chains', 'inet');
    expect(chains).not.toMatch(/pf1_|group_/);
  });

  test('where the table is not what was believed, the change is planned once more from what is there', async () => {
    const [a, b, c] = [1, 2, 3].map((at) => entry(`r${at}`, { externalPort: 440 + at, internalPort: 443 }));
    if (!a || !b || !c) throw new Error();
    await practice.forward(a, b);
    // Somebody removed one element by hand, and changed another entry, which is nobody's business now.
    await practice.lab.nft('delete element inet portforward ports4 { tcp . 441 }');
    await practice.lab.nft(
      `flush chain inet portforward ${b.tag}; add rule inet portforward ${b.tag} meta l4proto tcp dnat ip to ${desk}:443`,
    );
    await practice.kernel.apply([a, b], [b, c], []);
    const { ours, intact } = await practice.kernel.read();
    expect(intact).toBe(true);
    expect(ours.map(({ tag }) => tag).sort()).toEqual([b.tag, c.tag].sort());
    expect(ours.find(({ tag }) => tag === b.tag)).toMatchObject({
      forward: { target: { address: desk } },
      restriction: expect.stringContaining('counter and mark'),
    });
    // On the user's word it is written afresh, with its count.
    await practice.kernel.apply([b, c], [b, c], [b.tag]);
    expect((await practice.kernel.read()).ours.find(({ tag }) => tag === b.tag)).toMatchObject({
      forward: b.forward.hairpin === null ? { ...b.forward, hairpin: true } : b.forward,
      restriction: null,
    });
  });

  test('where what is done meanwhile fails, nothing is changed, however the change begins', async () => {
    const [a, b] = [entry('a', { externalPort: 443 }), entry('b', { externalPort: 8443, internalPort: 443 })];
    await practice.forward(a);
    for (const rewrite of [[], [a.tag]]) {
      await expect(practice.kernel.apply([a], [a, b], rewrite, 'The disk is full.')).rejects.toThrow(
        'The disk is full.',
      );
      expect((await practice.kernel.read()).ours.map(({ tag }) => tag)).toEqual([a.tag]);
    }
    // Nor where the change needs no command at all, or cannot be planned from what was believed.
    await expect(practice.kernel.apply([a], [a], [], 'The disk is full.')).rejects.toThrow('disk');
    await expect(practice.kernel.apply([], [a], [], 'The disk is full.')).rejects.toThrow('disk');
    expect(await practice.tcp('internet', { to: wan, port: 443, from: client })).toContain('server:443');
  });

  test('a flush is seen, the next change brings everything back, and only then do counters begin anew', async () => {
    const [a, b] = [entry('a', { externalPort: 443 }), entry('b', { externalPort: 8443, internalPort: 443 })];
    await practice.forward(a);
    await practice.tcp('internet', { to: wan, port: 443, from: client });
    const { epoch } = await practice.kernel.counters();
    await practice.kernel.restore([a]);
    expect(await practice.kernel.counters()).toMatchObject({ epoch, byTag: { [a.tag]: { connections: 1 } } });
    await practice.lab.firewall('debian');
    expect(await practice.kernel.read()).toMatchObject({ intact: false, ours: [] });
    await practice.kernel.apply([a], [a, b], []);
    const after = await practice.kernel.read();
    expect(after).toMatchObject({ intact: true });
    expect(after.ours).toHaveLength(2);
    expect((await practice.kernel.counters()).epoch).not.toBe(epoch);
    expect(await practice.tcp('internet', { to: wan, port: 8443, from: client })).toContain('server:443');
  });

  test('killed in the middle of a change, the table holds all of it or nothing', async () => {
    const many = Array.from({ length: 400 }, (_, at) =>
      entry(`m${at}`, { externalPort: 10_000 + at, internalPort: 443 }),
    );
    for (const delay of [5, 40, 80, 120, 160]) {
      await practice.kernel.restore([]);
      const victim = GatewayKernel.start(practice.lab);
      await victim.read();
      void victim.apply([], many).catch(() => undefined);
      // Any moment will do: the test is of whatever moment it was.
      await new Promise((resolve) => setTimeout(resolve, delay));
      await victim.kill();
      const { ours, intact } = await practice.kernel.read();
      expect(intact).toBe(true);
      expect([0, 400]).toContain(ours.length);
    }
  });
});
