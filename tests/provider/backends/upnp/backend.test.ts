import type { NetworkInterfaceInfo } from 'node:os';
import { connectUpnp } from '../../../../provider/backends/upnp/backend';
import { discoverUpnp } from '../../../../provider/backends/upnp/discover';
import { upnpKind } from '../../../../provider/backends/upnp/kind';
import type { SearchSurroundings } from '../../../../provider/backends/upnp/search';
import { PortforwardError } from '../../../../provider/rule/error';
import type { RuleInputs } from '../../../../provider/rule/rule';
import { Session } from '../../../../provider/session/session';
import { Announcer, ScriptedGateway, ssdpAnswer } from './scripted';

const OWN = '127.0.0.1';
const LO = [
  { address: OWN, netmask: '255.0.0.0', family: 'IPv4', mac: '', internal: true, cidr: '127.0.0.1/8' },
] as NetworkInterfaceInfo[];
const IGD = 'urn:schemas-upnp-org:device:InternetGatewayDevice:2';
const signal = () => AbortSignal.timeout(20_000);

const gateways: ScriptedGateway[] = [];
const announcers: Announcer[] = [];
const sessions: Session[] = [];
const warnings: string[] = [];

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
  await Promise.all(gateways.splice(0).map((gateway) => gateway.stop()));
  await Promise.all(announcers.splice(0).map((announcer) => announcer.stop()));
  warnings.length = 0;
});

async function gateway(udn?: string): Promise<ScriptedGateway> {
  const one = await ScriptedGateway.start(udn === undefined ? {} : { udn });
  gateways.push(one);
  return one;
}

/** Answers searches on loopback with these locations. */
async function announce(
  ...locations: readonly (readonly [location: string, udn: string])[]
): Promise<Announcer> {
  const announcer = await Announcer.start((target) =>
    target === IGD ? locations.map(([location, udn]) => ssdpAnswer(location, target, udn)) : [],
  );
  announcers.push(announcer);
  return announcer;
}

const around = (announcer?: Announcer): SearchSurroundings => ({
  interfaces: () => ({ lo: LO }),
  routers: () => (announcer ? [OWN] : []),
  port: announcer?.port ?? 9,
});
const connect = (args: Record<string, unknown>, announcer?: Announcer) =>
  connectUpnp(upnpKind.parse(args, {}), around(announcer));
/** As a new process has it: it remembers nothing. */
function session(args: Record<string, unknown>, announcer?: Announcer): Session {
  const one = new Session(connect(args, announcer), {
    owner: 'shop/prod',
    gatewayName: 'router',
    endpoint: 'upnp:test',
    warn: (message) => warnings.push(message),
  });
  sessions.push(one);
  return one;
}
const web: RuleInputs = { name: 'web', externalPort: 8443, internalAddress: '192.168.1.10' };
const failure = async (promise: Promise<unknown>): Promise<PortforwardError> => {
  const error = await promise.then(
    () => null,
    (thrown) => thrown,
  );
  if (error instanceof PortforwardError) return error;
  throw error ?? new Error('it succeeded');
};

describe('at a URL', () => {
  test('a gateway tells what it is, and no search is made', async () => {
    const { url, udn } = await gateway();
    const announcer = await announce();
    const backend = connect({ url }, announcer);
    expect(await backend.open(signal())).toMatchObject({
      product: 'Scripted (One), UPnP IGD:2',
      device: udn,
      capabilities: { families: [4], overlap: false, atomic: false, lease: { min: 1, max: 604_800 } },
      wans: [{ name: 'WANIPConn1', addresses: ['11.22.33.1'] }],
      lans: null,
      addresses: [OWN, '11.22.33.1'],
      problems: [],
    });
    expect(await backend.publicAddress?.(signal())).toEqual(['11.22.33.1']);
    expect(announcer.heard).toEqual([]);
    await backend.close();
  });

  test('a rule lives and dies', async () => {
    const device = await gateway();
    const { url } = device;
    const state = await session({ url }).create({ ...web, internalPort: 443 });
    expect(device.lines).toMatchObject([
      {
        NewExternalPort: '8443',
        NewInternalPort: '443',
        NewPortMappingDescription: expect.stringMatching(/^pf1_.* shop\/prod\/web$/),
      },
    ]);
    expect(await session({ url }).read(state)).toEqual(state);
    const next = await session({ url }).update(state, { ...web, externalPort: 8444, lease: 3600 });
    expect(device.lines).toMatchObject([{ NewExternalPort: '8444', NewLeaseDuration: '3600' }]);
    await session({ url }).delete(next);
    expect(device.lines).toEqual([]);
  });

  test('a look costs one step more than there are mappings', async () => {
    const device = await gateway();
    for (let port = 9000; port < 9010; port += 1) device.put({ NewExternalPort: String(port) });
    const backend = connect({ url: device.url });
    await backend.open(signal());
    device.calls.length = 0;
    expect((await backend.list([], signal())).entries).toHaveLength(10);
    expect(device.calls).toHaveLength(11);
    await backend.close();
  });

  test.each([
    ['outside', 'http://8.8.8.8:5000/d.xml', 'lies outside'],
    ['at a shared address', 'http://100.64.1.1/d.xml', 'lies outside'],
  ])('%s is never spoken to', async (_, url, words) => {
    expect((await failure(connect({ url }).open(signal()))).message).toContain(words);
  });

  test('what describes no gateway is told, and what answers nothing', async () => {
    const device = await gateway();
    device.description = '<root><device><deviceType>x</deviceType></device></root>';
    expect(await failure(connect({ url: device.url }).open(signal()))).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('no gateway that can forward'),
    });
    await device.stop();
    gateways.pop();
    expect((await failure(connect({ url: device.url }).open(signal()))).code).toBe('unreachable');
  });

  test('another gateway than the named one is refused', async () => {
    const { url, udn } = await gateway();
    const error = await failure(connect({ url, udn: 'uuid:other' }).open(signal()));
    expect(error).toMatchObject({ code: 'device' });
    expect(error.message).toContain(udn);
  });
});

describe('by a search', () => {
  test('the only gateway is found, by a port of our own', async () => {
    const { url, udn } = await gateway();
    const announcer = await announce([url, udn]);
    expect(await connect({}, announcer).open(signal())).toMatchObject({ device: udn });
    expect(announcer.heard.length).toBeGreaterThan(0);
    expect(announcer.heard.every(({ port }) => port !== 1900 && port > 1023)).toBe(true);
  });

  test('several are named, one line each, and none is chosen', async () => {
    const [one, two] = [await gateway('uuid:one'), await gateway('uuid:two')];
    const announcer = await announce([one.url, one.udn], [two.url, two.udn]);
    const error = await failure(connect({}, announcer).open(signal()));
    expect(error).toMatchObject({ code: 'invalid', property: 'udn' });
    expect(error.hint).toContain('udn: "uuid:one"');
    expect(error.hint).toContain('udn: "uuid:two"');
    expect([...one.calls, ...two.calls]).toEqual([]);
    expect(await connect({ udn: 'uuid:TWO' }, announcer).open(signal())).toMatchObject({
      device: 'uuid:two',
    });
  });

  test('a location elsewhere is not followed, whoever sends it', async () => {
    const { url, udn } = await gateway();
    const announcer = await announce(
      ['http://192.168.1.1:5000/d.xml', 'uuid:evil'],
      ['http://169.254.169.254/latest/meta-data/', 'uuid:evil'],
      [url, udn],
    );
    expect(await connect({}, announcer).open(signal())).toMatchObject({ device: udn });
  });

  test('nothing found says where it was asked, and thinks of containers', async () => {
    const error = await failure(connect({}, await announce()).open(signal()));
    expect(error).toMatchObject({ code: 'unreachable', retryable: true });
    expect(error.message).toContain(OWN);
    expect(error.hint).toContain('container');
  });

  test('a gateway that announces itself and cannot be read is told', async () => {
    const device = await gateway();
    device.description = '<html>';
    const error = await failure(connect({}, await announce([device.url, device.udn])).open(signal()));
    expect(error.message).toContain('is no XML');
  });

  test('discovery says what each can do, and how to name it', async () => {
    const [one, two] = [await gateway('uuid:one'), await gateway('uuid:two')];
    two.script.set('GetExternalIPAddress', () => ({ NewExternalIPAddress: '100.64.3.3' }));
    const announcer = await announce([one.url, one.udn], [two.url, two.udn]);
    const { gateways: found, asked } = await discoverUpnp(null, around(announcer), signal());
    expect(asked).toEqual([OWN]);
    expect(found).toHaveLength(2);
    expect(found.find(({ device }) => device === 'uuid:one')).toEqual({
      kind: 'upnp',
      product: 'Scripted (One), UPnP IGD:2',
      device: 'uuid:one',
      url: one.url,
      publicAddress: '11.22.33.1',
      unreachable: null,
      lease: 'up to 7 days',
      pinholes: false,
      sources: true,
      ownAddress: OWN,
      arguments: { udn: 'uuid:one' },
    });
    expect(found.find(({ device }) => device === 'uuid:two')).toMatchObject({
      publicAddress: null,
      unreachable: expect.stringContaining('CGNAT'),
    });
  });
});

describe('a gateway that restarts at another port', () => {
  test('is found again, also in the middle of a session', async () => {
    const old = await gateway('uuid:moves');
    const announced: [string, string][] = [[old.url, old.udn]];
    const announcer = await Announcer.start((target) =>
      target === IGD ? announced.map(([location, udn]) => ssdpAnswer(location, target, udn)) : [],
    );
    announcers.push(announcer);
    const { url } = old;
    const living = session({ url }, announcer);
    const state = await living.create(web);

    await old.stop();
    gateways.pop();
    const next = await gateway('uuid:moves');
    next.lines.push(...old.lines);
    announced.splice(0, 1, [next.url, next.udn]);

    const renewed = await living.update(state, { ...web, externalPort: 8444 });
    expect(next.lines).toMatchObject([{ NewExternalPort: '8444' }]);
    expect(await session({ url }, announcer).read(renewed)).toEqual(renewed);
  });

  test('another gateway at its address is not taken for it', async () => {
    const old = await gateway('uuid:old');
    const announced: [string, string][] = [];
    const announcer = await Announcer.start((target) =>
      target === IGD ? announced.map(([location, udn]) => ssdpAnswer(location, target, udn)) : [],
    );
    announcers.push(announcer);
    const living = session({ url: old.url }, announcer);
    const state = await living.create(web);
    await old.stop();
    gateways.pop();
    const stranger = await gateway('uuid:stranger');
    announced.push([stranger.url, stranger.udn]);
    const error = await failure(living.update(state, { ...web, externalPort: 8444 }));
    expect(error).toMatchObject({ code: 'unreachable' });
    expect(error.message).toContain('There is: uuid:stranger');
    // A new process knows its name only from the state.
    expect((await failure(session({ url: old.url }, announcer).update(state, web))).code).toBe('device');
    expect(stranger.count('AddPortMapping')).toBe(0);
  });

  test('a control URL of before is as good as none', async () => {
    const device = await gateway('uuid:path');
    const backend = connect({ url: device.url }, await announce([device.url, device.udn]));
    await backend.open(signal());
    let refused = 0;
    device.script.set('GetGenericPortMappingEntry', () =>
      refused++ === 0 ? { status: 404, body: '<html><title>404</title></html>' } : undefined,
    );
    expect((await backend.list([], signal())).entries).toEqual([]);
    expect(device.count('GetStatusInfo')).toBe(2);
    await backend.close();
  });
});

describe('a router that cuts descriptions', () => {
  const cutting = async (length: number): Promise<ScriptedGateway> => {
    const device = await gateway();
    device.script.set('AddPortMapping', (args) => {
      device.lines.splice(
        0,
        device.lines.length,
        ...device.lines.filter((line) => line.NewExternalPort !== args.NewExternalPort),
      );
      device.put({
        ...args,
        NewPortMappingDescription: args.NewPortMappingDescription?.slice(0, length) ?? '',
      });
      return {};
    });
    return device;
  };

  test.each([0, 16, 30])('to %s bytes: the recorded handle tells whose it is', async (length) => {
    const device = await cutting(length);
    const { url } = device;
    const state = await session({ url }).create(web);
    expect(state.entries[0]?.handle).toBe(`tcp:8443@* ${state.entries[0]?.tag}`);
    expect(await session({ url }).read(state)).toEqual(state);
    const next = await session({ url }).update(state, { ...web, lease: 60 });
    expect(device.lines).toMatchObject([{ NewLeaseDuration: '60' }]);
    await session({ url }).delete(next);
    expect(device.lines).toEqual([]);
  });

  test('a preview says so', async () => {
    const { url } = await cutting(16);
    const one = session({ url });
    const state = await one.create(web);
    await one.check({ ...web }, state);
    await one.update(state, web);
    expect(warnings.join()).toContain('cuts the descriptions');
  });

  test('what has changed since is nobody’s, and is left alone', async () => {
    const device = await cutting(16);
    const { url } = device;
    const state = await session({ url }).create(web);
    Object.assign(device.lines[0] as object, { NewInternalPort: '22' });
    expect(await session({ url }).read(state)).toBeNull();
    await session({ url }).delete(state);
    expect(device.lines).toHaveLength(1);
    expect((await failure(session({ url }).update(state, web))).code).toBe('foreign');
  });

  test('to the tag alone: nothing is lost but the readable id', async () => {
    const { url } = await cutting(31);
    const state = await session({ url }).create(web);
    expect(state.entries[0]?.handle).toBe('tcp:8443@*');
    expect(await session({ url }).read(state)).toEqual(state);
  });
});

describe('what a look must not believe', () => {
  test('a mapping that the router hides is found by its recorded handle', async () => {
    const device = await gateway();
    const { url } = device;
    const state = await session({ url }).create(web);
    device.script.set('GetGenericPortMappingEntry', () => ({ error: 713 }));
    expect(await session({ url }).read(state)).toEqual(state);
    expect(await session({ url }).list()).toEqual([]);
  });

  test('a source limit that the router dropped is not hidden by asking for it', async () => {
    const device = await gateway();
    const { url } = device;
    const limited = { ...web, sources: ['203.0.113.7'] };
    const state = await session({ url }).create(limited);
    expect(await session({ url }).read(state)).toEqual(state);
    Object.assign(device.lines[0] as object, { NewRemoteHost: '' });
    const live = await session({ url }).read(state);
    expect(live?.inputs.sources).toEqual(['0.0.0.0/0']);
  });

  test('a source limit that was never kept fails the rule, and does not leave it open', async () => {
    const device = await gateway();
    const { url } = device;
    device.script.set('AddPortMapping', (args) => {
      device.put({ ...args, NewRemoteHost: '' });
      return {};
    });
    const error = await failure(session({ url }).create({ ...web, sources: ['203.0.113.7'] }));
    expect(error.code).toBe('unchanged');
    expect(error.message).toContain('shown as open to everyone');
    expect(device.lines).toEqual([]);
  });

  test('foreign mappings are as they were, whatever we do', async () => {
    const device = await gateway();
    const { url } = device;
    device.put({ NewExternalPort: '9000', NewPortMappingDescription: ' é & <x> ', NewLeaseDuration: '77' });
    device.put({ NewExternalPort: '9001', NewProtocol: 'UDP', NewRemoteHost: 'host.example' });
    const before = JSON.stringify(device.lines);
    const state = await session({ url }).create(web);
    await failure(session({ url }).create({ ...web, name: 'x', externalPort: 9000 }));
    await session({ url }).delete(await session({ url }).update(state, { ...web, externalPort: 8444 }));
    expect(JSON.stringify(device.lines)).toBe(before);
  });
});

describe('warnings', () => {
  test.each([
    [{ NewExternalIPAddress: '' }, {}, 'wan-no-address'],
    [{ NewExternalIPAddress: '0.0.0.0' }, {}, 'wan-no-address'],
    [{ NewExternalIPAddress: '192.168.0.7' }, {}, 'wan-private'],
    [{ NewExternalIPAddress: '100.64.0.7' }, {}, 'wan-cgnat'],
    [{ NewExternalIPAddress: 'garbage' }, {}, 'wan-no-address'],
    [{ NewExternalIPAddress: '11.22.33.1' }, { NewConnectionStatus: 'Disconnected' }, 'wan-down'],
  ])('%j %j', async (address, status, code) => {
    const device = await gateway();
    device.script.set('GetExternalIPAddress', () => address);
    if ('NewConnectionStatus' in status)
      device.script.set('GetStatusInfo', () => status as Record<string, string>);
    const { problems } = await connect({ url: device.url }).open(signal());
    expect(problems).toMatchObject([{ code, fatal: false }]);
  });

  test('what a gateway does not tell of its WAN is nothing against it', async () => {
    const device = await gateway();
    device.script.set('GetStatusInfo', () => ({ error: 401 }));
    expect((await connect({ url: device.url }).open(signal())).problems).toEqual([]);
  });

  test('advice on a rule: another host, and sources', async () => {
    const { url } = await gateway();
    const { advice } = await connect({ url }).open(signal());
    const of = (address: string, sources: readonly string[] | null) =>
      advice?.({
        enabled: true,
        traffic: [],
        wan: null,
        target: { kind: 'host', family: 4, address },
        sources,
        hairpin: null,
        log: false,
        description: '',
      }).map(({ code }) => code);
    expect(of(OWN, null)).toEqual([]);
    expect(of('192.168.1.10', null)).toEqual(['other-host']);
    expect(of(OWN, ['203.0.113.7/32'])).toEqual(['sources-may-vanish']);
  });
});

test('of several connections the one with a public address is used', async () => {
  const device = await gateway();
  const service = (id: string) =>
    `<service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><serviceId>urn:upnp-org:serviceId:${id}</serviceId><controlURL>/${id}</controlURL></service>`;
  device.description = `<root><device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><UDN>uuid:two</UDN><serviceList>${service('dsl')}${service('fibre')}</serviceList></device></root>`;
  let asked = 0;
  device.script.set('GetExternalIPAddress', () => ({
    NewExternalIPAddress: asked++ === 0 ? '10.0.0.1' : '11.22.33.1',
  }));
  expect((await connect({ url: device.url }).open(signal())).wans).toEqual([
    { name: 'fibre', addresses: ['11.22.33.1'] },
  ]);
});
