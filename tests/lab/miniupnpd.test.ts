import { Lab } from '../../lab/namespaces/lab';
import { addresses, type Host } from '../../lab/namespaces/network';
import { LabMiniupnpd, type UpnpcMapping } from '../../lab/services/miniupnpd';
import { PortforwardError } from '../../provider/rule/error';
import type { RuleInputs } from '../../provider/rule/rule';
import type { RuleState } from '../../provider/session/state';
import { describeWhere, missingForMiniupnpd } from '../support/needs';
import { LanSession } from './lan-session';

const SERVER = addresses.server.lan;
const { client, stranger } = addresses.internet;

/** TCP servers and a UDP one on the LAN host, by port. */
const GREETERS = [443, 7001, 7002, 8053];
const ECHOES = [27_015, 8053];

describeWhere(missingForMiniupnpd(), 'a real miniupnpd', () => {
  let lab: Lab;
  let router: LabMiniupnpd;
  let session: LanSession;

  beforeAll(async () => {
    lab = await Lab.start();
    for (const port of GREETERS) await lab.on('server').greet(port);
    for (const port of ECHOES) await lab.on('server').echo(port);
    router = await LabMiniupnpd.start(lab);
    session = start('server');
  });
  afterAll(() => lab?.stop());
  beforeEach(async () => {
    await router.restart({ forget: true, flush: true });
    await lab.forgetConnections();
    await session.fresh();
    await session.warnings();
  });

  const start = (host: Host, gateway: Readonly<Record<string, unknown>> = { url: router.url }) =>
    LanSession.start(lab, host, { kind: 'upnp', gateway, owner: `home/${host}` });
  const rule = (name: string, externalPort: number | string, more: Partial<RuleInputs> = {}): RuleInputs => ({
    name,
    externalPort,
    internalAddress: SERVER,
    ...more,
  });
  const tcp = (port: number, from: string = client, to: string = router.publicAddress) =>
    lab.on('internet').tcp({ to, port, from, timeout: 1000 });
  const udp = (port: number) =>
    lab.on('internet').udp({ to: router.publicAddress, port, from: client, timeout: 1000 });
  const seen = async (host: Host = 'server') =>
    (await router.list(host)).map(
      ({ protocol, externalPort, internalClient, internalPort, remoteHost }) =>
        `${protocol} ${externalPort} -> ${internalClient}:${internalPort}${remoteHost && ` from ${remoteHost}`}`,
    );
  const upnpc = async (host: Host, ...args: readonly string[]): Promise<void> => {
    const { code, stdout } = await router.upnpc(host, ...args);
    if (code !== 0) throw new Error(`upnpc ${args.join(' ')}: ${stdout}`);
  };
  /** Of another run, which remembers nothing of ours. */
  const read = async (state: RuleState): Promise<RuleState | null> => {
    await session.fresh();
    return session.read(state);
  };
  const refusal = async (promise: Promise<unknown>): Promise<PortforwardError> => {
    const error = await promise.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (error instanceof PortforwardError) return error;
    throw error ?? new Error('it succeeded');
  };

  /** One of each: renumbered, UDP, both protocols, several ports. */
  const declared = [
    rule('web', 8443, { internalPort: 443 }),
    rule('game', 27_015, { protocol: 'udp' }),
    rule('dns', 8053, { protocol: 'tcp+udp', lease: 7200 }),
    rule('list', '7001-7002'),
  ];

  test('upnpc sees exactly what was declared, and the internet reaches it; after delete neither', async () => {
    const states = await Promise.all(declared.map((inputs) => session.create(inputs)));
    expect((await seen()).sort()).toEqual([
      `TCP 7001 -> ${SERVER}:7001`,
      `TCP 7002 -> ${SERVER}:7002`,
      `TCP 8053 -> ${SERVER}:8053`,
      `TCP 8443 -> ${SERVER}:443`,
      `UDP 27015 -> ${SERVER}:27015`,
      `UDP 8053 -> ${SERVER}:8053`,
    ]);
    const marks = states.flatMap(({ inputs, entries }) =>
      entries.map(({ tag }) => `${tag} home/server/${inputs.name}`),
    );
    const mappings = await router.list('server');
    expect(mappings.map(({ description }) => description).sort()).toEqual(marks.sort());
    for (const { externalPort, lease } of mappings) {
      const granted = externalPort === 8053 ? 7200 : 604_800;
      expect(lease).toBeLessThanOrEqual(granted);
      expect(lease).toBeGreaterThan(granted - 60);
    }

    const sees = (port: number) => ({
      ok: true,
      text: expect.stringContaining(`server:${port} sees ${client}:`),
    });
    for (const [outside, inside] of [
      [8443, 443],
      [7001, 7001],
      [7002, 7002],
      [8053, 8053],
    ] as const)
      expect(await tcp(outside)).toMatchObject(sees(inside));
    for (const port of [27_015, 8053]) expect(await udp(port)).toMatchObject(sees(port));
    // What it maps is reached by every address of that WAN, and nothing beside it is.
    expect(await tcp(8443, client, addresses.gateway.wan)).toMatchObject(sees(443));
    expect((await tcp(443)).ok).toBe(false);

    for (const state of states) expect(await read(state)).toEqual(state);
    await Promise.all(states.map((state) => session.delete(state)));
    expect(await seen()).toEqual([]);
    await lab.forgetConnections();
    for (const port of [8443, 7001, 7002, 8053]) expect((await tcp(port)).ok).toBe(false);
    for (const port of [27_015, 8053]) expect((await udp(port)).ok).toBe(false);
    const { stdout } = await lab.exec('gateway', ['nft', 'list', 'chain', 'inet', 'filter', 'miniupnpd']);
    expect(stdout).not.toContain('accept');
  });

  test('an update is there at once, and what it was before is not', async () => {
    const web = await session.create(rule('web', 8443, { internalPort: 443 }));
    const moved = await session.update(web, rule('web', 9443, { internalPort: 443 }));
    expect(await seen()).toEqual([`TCP 9443 -> ${SERVER}:443`]);
    expect(await tcp(9443)).toMatchObject({ ok: true });
    expect((await tcp(8443)).ok).toBe(false);
    const inside = await session.update(moved, rule('web', 9443, { internalPort: 7001 }));
    expect(await tcp(9443)).toMatchObject({ text: expect.stringContaining('server:7001') });
    const off = await session.update(inside, rule('web', 9443, { enabled: false }));
    expect(await seen()).toEqual([]);
    expect(await read(off)).toEqual(off);
  });

  describe('what upnpc changes is seen', () => {
    let web: RuleState;
    beforeEach(async () => {
      web = await session.create(rule('web', 8443, { internalPort: 443 }));
    });
    const mended = async (): Promise<void> => {
      await session.fresh();
      const state = await session.update(web, web.inputs);
      expect(await read(state)).toEqual(state);
      expect(await seen()).toEqual([`TCP 8443 -> ${SERVER}:443`]);
      expect(await tcp(8443)).toMatchObject({ ok: true });
    };

    test('deleted: gone, and mended', async () => {
      await upnpc('server', '-d', '8443', 'TCP');
      expect(await read(web)).toBeNull();
      await mended();
    });

    test('overwritten with another port inside: it has lost our mark with its description, and is in the way', async () => {
      await upnpc('server', '-e', 'game', '-a', SERVER, '7001', '8443', 'TCP', '300');
      expect(await read(web)).toBeNull();
      await session.fresh();
      expect(await refusal(session.update(web, web.inputs))).toMatchObject({ code: 'foreign' });
      expect((await router.list('server'))[0]).toMatchObject({ internalPort: 7001, description: 'game' });
      await upnpc('server', '-d', '8443', 'TCP');
      await mended();
    });

    test('renewed for a shorter time: still ours, and due', async () => {
      await upnpc('server', '-e', 'game', '-a', SERVER, '443', '8443', 'TCP', '60');
      expect((await router.list('server'))[0]?.lease).toBeLessThanOrEqual(60);
      const live = await read(web);
      expect(live?.inputs).toEqual(web.inputs);
      await mended();
      expect((await router.list('server'))[0]?.lease).toBeGreaterThan(604_000);
    });
  });

  test('what upnpc mapped is foreign: named, left alone, and taken over on the user’s word', async () => {
    await upnpc('server', '-e', 'game', '-a', SERVER, '443', '8443', 'TCP', '300');
    const error = await refusal(session.create(rule('web', 8443, { internalPort: 443 })));
    expect(error).toMatchObject({ code: 'foreign', property: 'externalPort' });
    expect(error.message).toContain('tcp:8443');
    expect(await router.list('server')).toMatchObject([{ description: 'game' }]);
    await session.fresh();
    const state = await session.create(rule('web', 8443, { internalPort: 443, adopt: 'tcp:8443' }));
    expect((await router.list('server')).map(({ description }) => description)).toEqual([
      `${state.entries[0]?.tag} home/server/web`,
    ]);
  });

  test('it maps only to the address that asks: the other host is told to do it itself, and can', async () => {
    const inputs = rule('desk', 9001, { internalAddress: addresses.desk.lan, internalPort: 9000 });
    const error = await refusal(session.create(inputs));
    expect(error.message).toContain(addresses.desk.lan);
    expect(error.message).toContain(SERVER);
    expect(await seen()).toEqual([]);

    const desk = start('desk');
    await lab.on('desk').greet(9000);
    const state = await desk.create(inputs);
    expect(await tcp(9001)).toMatchObject({ ok: true, text: expect.stringContaining('desk:9000') });
    // The server's own run sees it, and has nothing to do with it.
    await session.fresh();
    expect((await session.list()).map(({ handle }) => handle)).toEqual(['tcp:9001@*']);
    const taken = await refusal(session.create(rule('mine', 9001)));
    expect(taken.code).toBe('foreign');
    expect(taken.message).toContain('home/desk');
    await desk.delete(state);
    expect(await seen()).toEqual([]);
    await desk.stop();
  });

  test('a source limit lets that source in alone; since it is told to nobody, we refuse to promise one', async () => {
    const error = await refusal(
      session.create(rule('admin', 8443, { internalPort: 443, sources: [client] })),
    );
    expect(error).toMatchObject({ property: 'sources' });
    expect(await seen()).toEqual([]);

    await upnpc('server', '-e', 'admin', '-a', SERVER, '443', '8443', 'TCP', '300', client);
    expect(await tcp(8443)).toMatchObject({ ok: true });
    expect((await tcp(8443, stranger)).ok).toBe(false);
    // No reading tells of it, and a start from the lease file forgets it.
    expect(await seen()).toEqual([`TCP 8443 -> ${SERVER}:443`]);
    await router.restart({ flush: true });
    expect(await tcp(8443, stranger)).toMatchObject({ ok: true });
  });

  test('a short lease runs out: gone from the table, from the kernel, and for a read', async () => {
    const state = await session.create(rule('web', 8443, { internalPort: 443, lease: 4 }));
    expect(await tcp(8443)).toMatchObject({ ok: true });
    expect(Date.parse(state.renewalDue ?? '')).toBeLessThan(Date.now() + 4000);
    await until(async () => (await seen()).length === 0);
    await lab.forgetConnections();
    expect((await tcp(8443)).ok).toBe(false);
    expect(await read(state)).toBeNull();
    const again = await session.update(state, { ...state.inputs, lease: 600 });
    expect(await tcp(8443)).toMatchObject({ ok: true });
    expect((await router.list('server'))[0]?.lease).toBeGreaterThan(500);
    expect(await read(again)).toEqual(again);
  });

  describe('off and on again', () => {
    let web: RuleState;
    beforeEach(async () => {
      web = await session.create(rule('web', 8443, { internalPort: 443 }));
    });

    test('with its lease file, after a reboot: everything is back', async () => {
      const before = await router.list('server');
      await router.restart({ flush: true });
      expect((await router.list('server')).map(withoutLease)).toEqual(before.map(withoutLease));
      expect(await tcp(8443)).toMatchObject({ ok: true });
      expect((await read(web))?.inputs).toEqual(web.inputs);
    });

    test('without: nothing is, which is drift, and the next run mends it', async () => {
      await router.restart({ forget: true, flush: true });
      expect((await tcp(8443)).ok).toBe(false);
      expect(await read(web)).toBeNull();
      const state = await session.update(web, web.inputs);
      expect(await tcp(8443)).toMatchObject({ ok: true });
      expect(await read(state)).toEqual(state);
    });

    test('without, and the kernel kept it: it never ends, is still ours, and goes with the rule', async () => {
      await router.restart({ forget: true });
      expect((await router.list('server'))[0]?.lease).toBe(0);
      expect(await tcp(8443)).toMatchObject({ ok: true });
      expect((await read(web))?.inputs).toEqual(web.inputs);
      await session.delete(web);
      expect(await seen()).toEqual([]);
      await lab.forgetConnections();
      expect((await tcp(8443)).ok).toBe(false);
    });

    test('flushed behind its back it lists what forwards nothing: no reading shows that', async () => {
      await router.flush();
      expect(await seen()).toEqual([`TCP 8443 -> ${SERVER}:443`]);
      expect((await tcp(8443)).ok).toBe(false);
      expect((await read(web))?.inputs).toEqual(web.inputs);
    });
  });

  test('an IPv6 target is a pinhole: open, and closed again', async () => {
    const to = addresses.server.lan6;
    const six = (from: string = addresses.internet.client6) =>
      lab.on('internet').tcp({ to, port: 7001, from, timeout: 1000 });
    expect((await six()).ok).toBe(false);
    const state = await session.create(rule('six', 7001, { internalAddress: to }));
    expect(await six()).toMatchObject({ ok: true, text: expect.stringContaining('server:7001') });
    expect(await read(state)).toEqual(state);
    await session.delete(state);
    await lab.forgetConnections();
    expect((await six()).ok).toBe(false);
  });

  test('found without a word, by its name, and as version 1', async () => {
    const found = start('desk', {});
    const { device } = await found.info();
    expect(device).toMatch(/^uuid:/);
    await found.stop();
    const named = start('desk', { udn: device });
    expect((await named.info()).device).toBe(device);
    const state = await named.create(rule('desk', 9001, { internalAddress: addresses.desk.lan }));
    expect(state.endpoint).toBe(`upnp:${device}`);
    await named.stop();
    await router.stop();
    const old = await LabMiniupnpd.start(lab, { version1: true });
    const one = start('server');
    expect((await one.info()).product).toContain('IGD:1');
    const web = await one.create(rule('web', 8443, { internalPort: 443 }));
    expect(await tcp(8443)).toMatchObject({ ok: true });
    await one.delete(web);
    await one.stop();
    await old.stop();
  });

  test('behind another router it has no public address: said at once, and a rule is refused for it', async () => {
    await router.stop();
    const inner = await LabMiniupnpd.start(lab, { publicAddress: null });
    const one = start('server');
    const { problems } = await one.info();
    expect(problems.map(({ message }) => message).join()).toMatch(/public address/);
    const error = await refusal(one.create(rule('web', 8443)));
    expect(error.message).toMatch(/public address/);
    expect(await inner.list('server')).toEqual([]);
    await one.stop();
    await inner.stop();
  });
});

function withoutLease({ lease: _, ...mapping }: UpnpcMapping): Omit<UpnpcMapping, 'lease'> {
  return mapping;
}

/** Asks again until it is so, for 20 s at most. */
async function until(ask: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await ask())) if (Date.now() > end) throw new Error('it did not come about');
}
