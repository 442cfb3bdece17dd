import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Misbehaviour } from '../../lab/simulators/igd/faults';
import * as models from '../../lab/simulators/igd/habits';
import { leaseLeft } from '../../lab/simulators/igd/mapping';
import type { IgdOptions } from '../../lab/simulators/igd/options';
import { IgdSimulator } from '../../lab/simulators/igd/simulator';
import { PortforwardError } from '../../provider/rule/error';
import type { RuleInputs } from '../../provider/rule/rule';
import { partialState } from '../../provider/session/failures';
import type { SessionOptions } from '../../provider/session/options';
import { Session } from '../../provider/session/session';
import type { RuleState } from '../../provider/session/state';
import { failure, OWNER } from './kit';
import { upnpClient } from './upnp-harness';

/** What real routers do to a client, each on the simulator: none loses a rule, opens too much, or keeps anybody waiting. */

let router: IgdSimulator;
let warnings: string[];
let sessions: Session[];
let more: { stop(): Promise<unknown> }[];

async function start(options: IgdOptions = {}): Promise<void> {
  router = new IgdSimulator(options);
  await router.start({ ssdp: { port: 0, multicastOn: '127.0.0.1' } });
}
beforeEach(() => {
  [warnings, sessions, more] = [[], [], []];
});
afterEach(async () => {
  await Promise.all(sessions.map((one) => one.close()));
  await Promise.all([router, ...more].map((one) => one.stop()));
});

/** As another process: it remembers nothing. */
function session(
  options: Partial<SessionOptions> = {},
  args: Readonly<Record<string, unknown>> = {},
): Session {
  const one = new Session(upnpClient(router, args), {
    owner: OWNER,
    gatewayName: 'router',
    endpoint: 'upnp:test',
    warn: (message) => warnings.push(message),
    ...options,
  });
  sessions.push(one);
  return one;
}

const HOST = '192.168.1.10';
const rule = (externalPort: number, change: Partial<RuleInputs> = {}): RuleInputs => ({
  name: 'web',
  externalPort,
  internalAddress: HOST,
  ...change,
});
const FOREIGN = { externalPort: 9000, internalClient: '192.168.1.20', description: 'game' };
const foreign = () => router.byHand.mappings.filter(({ description }) => description === 'game');
const ours = () => router.byHand.mappings.filter(({ description }) => description !== 'game');

/** As an engine that runs again after a failure: with the state that the failure carried. */
async function again(recorded: RuleState | null, inputs: RuleInputs): Promise<RuleState> {
  return recorded ? session().update(recorded, inputs) : session().create(inputs);
}

/** A whole life: created, read, moved, retargeted, deleted. */
async function life(): Promise<void> {
  const web = await session().create(rule(8443));
  expect(await session().read(web)).toEqual(web);
  const moved = await session().update(web, rule(8444, { protocol: 'udp' }));
  const inside = await session().update(moved, rule(8444, { protocol: 'udp', internalPort: 444 }));
  const other = await session().update(
    inside,
    rule(8444, { protocol: 'udp', internalAddress: '192.168.1.11' }),
  );
  expect(ours()).toMatchObject([{ protocol: 'UDP', externalPort: 8444, internalClient: '192.168.1.11' }]);
  expect(await session().read(other)).toEqual(other);
  await session().delete(other);
  expect(ours()).toEqual([]);
}

describe('answers that go wrong', () => {
  const ways: readonly Misbehaviour[] = [
    'html',
    'redirect',
    'empty',
    'truncated',
    'broken',
    'stalled',
    'huge',
    'endless',
    'double-length',
    'space-before-colon',
    'cut',
    'lost',
    'fault',
  ];
  const places = [
    'description',
    'GetStatusInfo',
    'GetExternalIPAddress',
    'GetGenericPortMappingEntry',
    'GetSpecificPortMappingEntry',
    'AddPortMapping',
  ];

  test.each(places)('at %s: an error of ours or no harm, and the next run settles it', async (place) => {
    await start();
    router.byHand.add(FOREIGN);
    for (const how of ways) {
      const told = `${how} at ${place}`;
      router.misbehave({ how, to: place });
      let recorded: RuleState | null = null;
      const began = performance.now();
      try {
        recorded = await session({ timeout: 1_000 }).create(rule(8443));
      } catch (error) {
        if (!(error instanceof PortforwardError)) throw error;
        expect(`${told}: ${error.code}`).toMatch(/: (unreachable|timeout|refused|version|unchanged)$/);
        recorded = partialState(error);
      }
      expect(performance.now() - began).toBeLessThan(15_000);
      router.behave();
      const state = await again(recorded, rule(8443));
      expect([told, ours()]).toMatchObject([told, [{ externalPort: 8443 }]]);
      await session().delete(state);
      expect([told, ours(), foreign()]).toMatchObject([told, [], [FOREIGN]]);
    }
  });

  test('an answer without end is cut off, not collected', async () => {
    await start();
    for (const how of ['huge', 'endless'] as const) {
      router.misbehave({ how });
      await failure(session().info());
      router.behave();
    }
    await router.powerOff();
    // What lies in the buffers of two sockets, several times; and far from 50 MB.
    expect(router.counters.bytesTaken).toBeLessThan(30_000_000);
  });

  test.each(['bare-lf', 'folded-header', 'control-character'] as const)(
    'HTTP with %s, as old routers write it, is understood',
    async (how) => {
      await start();
      router.misbehave({ how });
      await life();
    },
  );
});

describe('models', () => {
  const quirks: readonly [string, IgdOptions][] = [
    ['version 1', { habits: models.igd1 }],
    ['miniupnpd 2.3.1', { habits: models.miniupnpd }],
    ['RouterOS: only for ever', { habits: models.routeros }],
    ['PPP, version 1', { habits: models.igd1, connections: [{ kind: 'ppp' }] }],
    [
      'a line that is down before the one that is up',
      { connections: [{ status: 'Disconnected', address: '' }, { kind: 'ppp' }] },
    ],
    ['leases cut to two minutes', { habits: { longestLease: 120 } }],
    ['lease 0 refused', { habits: { zeroLease: 'refused' } }],
    ['end of the table told as 402', { habits: { endOfTable: 402 } }],
    ['end of the table told as 714', { habits: { endOfTable: 714 } }],
    ['newest first', { habits: { order: 'newest first' } }],
    ['deleting what is not there succeeds', { habits: { absentDelete: 'done' } }],
    ['remote hosts passed over', { habits: { readsRemoteHost: false } }],
    ['several remote hosts', { habits: { remoteHosts: 'several' } }],
    ['no remote hosts', { habits: { remoteHosts: 'none' } }],
    ['unknown actions cut the connection', { habits: { ...models.igd1, unknownAction: 'cut' } }],
    ['descriptions cut to 40 bytes', { habits: { description: { room: 40, longer: 'cut' } } }],
    ['values bent', { habits: { values: 'bent' } }],
  ];

  test.each(quirks)('%s: a rule lives its whole life', async (_name, options) => {
    await start(options);
    router.connections.at(-1)?.table.put({ ...foreignMapping });
    if (router.connections.length === 1) await life();
    else {
      const web = await session().create(rule(8443));
      expect(router.connections.map(({ table }) => table.all.length)).toEqual([0, 2]);
      expect(await session().read(web)).toEqual(web);
      await session().delete(web);
    }
    expect(router.connections.at(-1)?.table.all).toEqual([foreignMapping]);
    // They open to others what nobody asked for, or end the daemon.
    const never = ['AddAnyPortMapping', 'DeletePortMappingRange', 'ForceTermination', 'SetConnectionType'];
    for (const action of never) expect(router.counters.of(action)).toBe(0);
  });

  const foreignMapping = {
    protocol: 'TCP',
    externalPort: 9000,
    remoteHost: '',
    internalClient: '192.168.1.20',
    internalPort: 9000,
    enabled: true,
    description: 'game',
    expires: null,
  } as const;

  test('only for ever: no date of renewal, and nothing expires', async () => {
    await start({ habits: models.routeros });
    const web = await session().create(rule(8443));
    expect(web.entries).toMatchObject([{ permanent: true }]);
    expect(web.renewalDue ?? null).toBeNull();
    expect(ours().map(({ expires }) => expires)).toEqual([null]);
    expect((await session().update(web, web.inputs)).entries).toEqual(web.entries);
  });

  test('shortened leases: renewed by what was granted, not by what was asked for', async () => {
    await start({ habits: { longestLease: 120 } });
    const web = await session().create(rule(8443));
    const due = Date.parse(web.renewalDue ?? '') - Date.now();
    expect(due).toBeGreaterThan(50_000);
    expect(due).toBeLessThan(61_000);
  });

  test('150 mappings of others on a daemon that a long list ends', async () => {
    await start({ habits: models.miniupnpd });
    for (let port = 0; port < 150; port += 1) router.byHand.add({ ...FOREIGN, externalPort: 10_000 + port });
    await life();
    expect(foreign()).toHaveLength(150);
  });

  test('descriptions cut to 20 bytes: ours by what was recorded, and said so', async () => {
    await start({ habits: { description: { room: 20, longer: 'cut' } } });
    const web = await session().create(rule(8443));
    expect(ours()).toMatchObject([{ description: expect.stringMatching(/^pf1_.{16}$/) }]);
    expect(await session().read(web)).toEqual(web);
    await session().delete(web);
    expect(router.byHand.mappings).toEqual([]);
  });
});

describe('refusals', () => {
  const refused = async (
    habits: Partial<models.Habits>,
    change: Partial<RuleInputs> = {},
  ): Promise<PortforwardError> => {
    await start({ habits });
    const error = await failure(session().create(rule(8443, change)));
    expect(router.byHand.mappings).toEqual([]);
    return error;
  };

  test('everything is a conflict: refused, with the router’s words', async () => {
    const error = await refused({ alwaysConflict: true });
    expect(error.message).toMatch(/718/);
  });

  test('secure: told who asked, and for whom', async () => {
    for (const refusal of [606, 718] as const) {
      const error = await refused({ secure: true, refusal });
      expect(error.message).toContain(HOST);
      expect(error.message).toContain('127.0.0.1');
      await router.stop();
    }
  });

  test('a source limit that the router cannot keep is never widened', async () => {
    const error = await refused({ remoteHosts: 'none' }, { sources: ['198.51.100.7'] });
    expect(error.code).toMatch(/refused|unsupported/);
  });

  test('a source limit that the router forgets is not left open', async () => {
    const error = await refused(models.miniupnpd, { sources: ['198.51.100.7'] });
    expect(error.code).toMatch(/unchanged|unsupported/);
  });

  test.each([
    ['the same port inside', { externalPorts: 'same' }, 724],
    ['no single ports', { externalPorts: 'none' }, 727],
    ['a port that it listens on itself', { ownPorts: [8443] }, 729],
    ['a full table', { capacity: 0 }, 728],
    ['privileged ports', { lowestPort: 9000 }, 606],
  ] as const)('%s', async (_name, habits, code) => {
    const error = await refused(habits, { internalPort: 443 });
    expect(error.code).toBe('refused');
    expect(error.message).toContain(String(code));
  });

  test('a code that nobody knows, with words that no XML can break', async () => {
    await start();
    router.misbehave({ how: 'fault', code: -911, words: '<b>& no' });
    const error = await failure(session().create(rule(8443)));
    expect(error.message).toContain('-911');
  });
});

describe('days of a router', () => {
  test('a start in the middle of an apply: what was there is gone, and the next run puts it back', async () => {
    await start();
    const old = await session().create(rule(8001, { name: 'old' }));
    router.misbehave({ how: 'reboot', to: 'AddPortMapping', times: 1 });
    const error = await failure(session({ timeout: 5_000 }).create(rule(8443))).catch(() => null);
    const web = await again(error && partialState(error), rule(8443));
    expect(await session().read(old)).toBeNull();
    await session().update(old, old.inputs);
    expect(
      ours()
        .map(({ externalPort }) => externalPort)
        .sort(),
    ).toEqual([8001, 8443]);
    expect(await session().read(web)).toEqual(web);
  });

  test('the port of its pages moves with every start: a search finds it, by its name', async () => {
    await start();
    const { url } = router;
    const udn = { url, udn: router.identity.udn };
    const web = await session({}, udn).create(rule(8443));
    await router.move();
    expect(await session({}, udn).read(web)).toEqual(web);
    // The very session that knew the old place finds it too.
    const known = session({}, udn);
    await known.list();
    await router.move();
    await known.delete(web);
    expect(router.byHand.mappings).toEqual([]);
  });

  test('another device where it was: it is not taken for it', async () => {
    await start();
    const web = await session().create(rule(8443));
    router.identity = { ...router.identity, udn: 'uuid:5d1a2b3c-0009-4000-8000-0123456789a0' };
    expect((await failure(session().read(web))).code).toBe('device');
  });

  test('a mapping edited between our look and our write is not overwritten', async () => {
    await start();
    const web = await session().create(rule(8443));
    const [mapping] = ours();
    if (!mapping) throw new Error('no mapping');
    const held = session();
    await held.list();
    router.byHand.change('tcp:8443@*', { description: 'game', internalClient: '192.168.1.20' });
    expect((await failure(held.update(web, rule(8443, { internalPort: 444 })))).code).toBe('foreign');
    expect(foreign()).toMatchObject([{ internalClient: '192.168.1.20', internalPort: 8443 }]);
  });

  test.each(['', '100.64.1.1', '192.168.0.2', '10.1.1.1', '169.254.1.1'])(
    'its public address is "%s": said in every preview, and no rule fails for it',
    async (address) => {
      await start({ connections: [{ address }] });
      const { problems } = await session().info();
      expect(problems).toMatchObject([
        { fatal: false, message: expect.stringMatching(/public address|Nobody on the internet/) },
      ]);
      await session().create(rule(8443));
      expect(ours()).toHaveLength(1);
    },
  );

  test('behind another router, where it maps nothing: said why', async () => {
    await start({ habits: models.miniupnpd, connections: [{ address: '192.168.0.2' }] });
    const error = await failure(session().create(rule(8443)));
    expect(error.message).toContain('public address');
  });

  test('the lease that is declared is the lease that is granted', async () => {
    await start();
    await session().create(rule(8443, { lease: 600 }));
    const [mapping] = ours();
    expect(mapping && leaseLeft(mapping, performance.now())).toBeGreaterThan(590);
    expect(mapping && leaseLeft(mapping, performance.now())).toBeLessThanOrEqual(600);
  });
});

describe('sent elsewhere', () => {
  /** A server on another address; nobody of ours may speak with it. */
  async function elsewhere(): Promise<{ readonly url: string; readonly visits: () => number }> {
    let visits = 0;
    const server = createServer((_request, response) => response.end('<root/>'));
    server.on('connection', () => {
      visits += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.2', resolve));
    more.push({ stop: () => new Promise((resolve) => server.close(resolve)) });
    return { url: `http://127.0.0.2:${(server.address() as AddressInfo).port}`, visits: () => visits };
  }

  test('by a redirect, by control URLs, by URLBase: nobody follows', async () => {
    await start();
    const trap = await elsewhere();
    router.misbehave({ how: 'redirect', location: `${trap.url}/rootDesc.xml` });
    expect((await failure(session().create(rule(8443)))).code).toMatch(/refused|version|unreachable/);
    router.behave();
    router.faults.controlAt = trap.url;
    await failure(session().create(rule(8443)));
    router.faults.controlAt = null;
    router.faults.urlBase = trap.url;
    await session()
      .create(rule(8443))
      .catch(() => undefined);
    expect(trap.visits()).toBe(0);
  });

  test('by an answer to a search: neither a foreign place, nor one from a foreign sender, nor rubbish', async () => {
    await start();
    const trap = await elsewhere();
    const search = { url: undefined, udn: router.identity.udn };
    router.faults.searchJunk = [
      Buffer.alloc(9_000, 'x'),
      Buffer.from('HTTP/1.1 200 OK\r\nLOCATION: \r\n\r\n'),
    ];
    router.faults.location = `${trap.url}/rootDesc.xml`;
    expect((await failure(session({}, search).list())).code).toBe('unreachable');
    router.faults.location = null;
    router.faults.searchAnswersFrom = '127.0.0.2';
    expect((await failure(session({}, search).list())).code).toBe('unreachable');
    router.faults.searchAnswersFrom = null;
    expect(await session({}, search).list()).toEqual([]);
    expect(trap.visits()).toBe(0);
  });
});
