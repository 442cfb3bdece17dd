import { SteppedClock } from '../../../lab/simulators/clock';
import * as habits from '../../../lab/simulators/igd/habits';
import type { IgdOptions, ListenOptions } from '../../../lab/simulators/igd/options';
import { IgdSimulator } from '../../../lab/simulators/igd/simulator';
import { type Caller, http, mapping, type SoapAnswer, soap, tuple } from './igd-caller';

const IP2 = 'WANIPConnection:2';
const IP1 = 'WANIPConnection:1';
const FIREWALL = 'WANIPv6FirewallControl:1';

let clock: SteppedClock;
let igd: IgdSimulator;
let url: string;

async function start(options: IgdOptions = {}, listen: ListenOptions = {}): Promise<void> {
  clock = new SteppedClock();
  igd = new IgdSimulator({ clock, ...options });
  url = await igd.start(listen);
}
afterEach(() => igd.stop());

const call = (action: string, args: Readonly<Record<string, string>> = {}, caller?: Caller) =>
  soap(url, igd.habits.version === 1 ? IP1 : IP2, action, args, caller);
const add = (change: Parameters<typeof mapping>[0] = {}, caller?: Caller) =>
  call('AddPortMapping', mapping(change), caller);
const specific = (change: Parameters<typeof tuple>[0] = {}) =>
  call('GetSpecificPortMappingEntry', tuple(change));
const generic = (index: number) => call('GetGenericPortMappingEntry', { NewPortMappingIndex: String(index) });
const remove = (change: Parameters<typeof tuple>[0] = {}, caller?: Caller) =>
  call('DeletePortMapping', tuple(change), caller);
const range = (from: number, to: number) => ({
  NewStartPort: String(from),
  NewEndPort: String(to),
  NewProtocol: 'TCP',
  NewManage: '0',
});
const list = (from: number, to: number, number = 0) =>
  call('GetListOfPortMappings', { ...range(from, to), NewNumberOfPorts: String(number) });
const codes = async (answers: readonly Promise<SoapAnswer>[]): Promise<number[]> =>
  (await Promise.all(answers)).map(({ code }) => code);

describe('the description', () => {
  test('a gateway of version 2, in it the WAN, in it the connection and the firewall', async () => {
    await start({ pinholes: true });
    const text = (await http(url)).body.toString();
    const types = [...text.matchAll(/<(?:device|service)Type>([^<]*)</g)].map(([, type]) => type);
    expect(types).toEqual([
      'urn:schemas-upnp-org:device:InternetGatewayDevice:2',
      'urn:schemas-upnp-org:device:WANDevice:2',
      'urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1',
      'urn:schemas-upnp-org:device:WANConnectionDevice:2',
      'urn:schemas-upnp-org:service:WANIPConnection:2',
      'urn:schemas-upnp-org:service:WANIPv6FirewallControl:1',
    ]);
    expect(text).toMatch(/<controlURL>\/ctl\/WANIPConn1<\/controlURL>/);
    expect(new Set([...text.matchAll(/<UDN>([^<]*)</g)].map(([, udn]) => udn)).size).toBe(3);
  });

  test('version 1, and a PPP connection beside one that is down', async () => {
    await start({
      habits: habits.igd1,
      connections: [{ status: 'Disconnected', address: '' }, { kind: 'ppp' }],
    });
    const text = (await http(url)).body.toString();
    expect([...text.matchAll(/service:(WAN(?:IP|PPP)Connection:\d)/g)].map(([, type]) => type)).toEqual([
      'WANIPConnection:1',
      'WANPPPConnection:1',
    ]);
    const ppp = (action: string, args = {}) => soap(url, 'WANPPPConnection:1', action, args);
    expect((await call('GetStatusInfo')).values).toMatchObject({ NewConnectionStatus: 'Disconnected' });
    expect((await ppp('GetStatusInfo')).values).toMatchObject({ NewConnectionStatus: 'Connected' });
    expect((await ppp('AddPortMapping', mapping())).code).toBe(0);
    // Each has a table of its own.
    expect(await codes([ppp('GetSpecificPortMappingEntry', tuple()), specific()])).toEqual([0, 714]);
  });

  test('what a service can do: the list of ports is of version 2 only', async () => {
    await start();
    const actions = async () =>
      [
        ...(await http(new URL('/scpd/WANIPConn1.xml', url).href)).body
          .toString()
          .matchAll(/<action><name>(\w+)/g),
      ]
        .map(([, name]) => name)
        .sort();
    expect(await actions()).toEqual(
      expect.arrayContaining(['AddAnyPortMapping', 'AddPortMapping', 'GetListOfPortMappings']),
    );
    igd.habits.version = 1;
    expect(await actions()).not.toContain('AddAnyPortMapping');
    expect((await call('AddAnyPortMapping', mapping())).code).toBe(401);
  });

  test('a name in Host is a trick, an address is not', async () => {
    await start();
    const { port } = new URL(url);
    expect((await http(url, { headers: { Host: `router.lan:${port}` } })).status).toBe(404);
    expect((await http(url, { headers: { Host: `127.0.0.1:${port}` } })).status).toBe(200);
  });

  test('URLBase and control URLs as faults have them', async () => {
    await start();
    igd.faults.urlBase = 'http://192.168.1.1:80';
    igd.faults.controlAt = 'http://192.0.2.1:8080';
    const text = (await http(url)).body.toString();
    expect(text).toContain('<URLBase>http://192.168.1.1:80</URLBase>');
    expect(text).toContain('<controlURL>http://192.0.2.1:8080/ctl/WANIPConn1</controlURL>');
  });
});

describe('calls', () => {
  test('what comes back is what was sent, whatever the text', async () => {
    await start();
    const text = 'Fotos & Größe <é>';
    expect((await add({ NewPortMappingDescription: text })).code).toBe(0);
    expect((await specific()).values).toEqual({
      NewInternalPort: '443',
      NewInternalClient: '192.168.1.10',
      NewEnabled: '1',
      NewPortMappingDescription: text,
      NewLeaseDuration: '3600',
    });
  });

  test('a fault is HTTP 500 with a UPnPError; RouterOS names its elements otherwise', async () => {
    await start();
    const fault = await specific();
    expect(fault).toMatchObject({ status: 500, code: 714 });
    expect(fault.text).toMatch(
      /<faultcode>s:Client<\/faultcode><faultstring>UPnPError<\/faultstring><detail>/,
    );
    expect(fault.text).toContain('<errorDescription>NoSuchEntryInArray</errorDescription>');
    igd.habits.faultNames = 'routeros';
    expect((await specific()).text).toContain('<faultCode>s:Client</faultCode><faultString>');
  });

  test('arguments must be all there, in their order, and once', async () => {
    await start();
    const { NewEnabled, ...without } = mapping();
    const turned = Object.fromEntries(Object.entries(mapping()).reverse());
    expect(
      await codes([
        call('AddPortMapping', without),
        call('AddPortMapping', turned),
        call('AddPortMapping', { ...mapping(), NewColour: 'red' }),
        soap(url, IP1, 'GetExternalIPAddress'),
        call('GetNothing'),
      ]),
    ).toEqual([402, 402, 402, 401, 401]);
    igd.habits.values = 'bent';
    expect((await call('AddPortMapping', turned)).code).toBe(0);
    expect(NewEnabled).toBe('1');
  });

  test('some cut the connection at an action that they do not know', async () => {
    await start({ habits: { unknownAction: 'cut' } });
    await expect(call('GetNothing')).rejects.toThrow(/hang up|ECONNRESET/);
  });

  test('what is no call is no call', async () => {
    await start();
    const control = new URL('/ctl/WANIPConn1', url).href;
    const header = `"urn:schemas-upnp-org:service:${IP2}#GetStatusInfo"`;
    const post = (body: string, SOAPAction = header) =>
      http(control, { method: 'POST', body, headers: { SOAPAction } });
    const bodies = ['', 'nonsense', '<a>', '<Envelope><Body><Other/></Body></Envelope>'];
    for (const body of bodies) expect((await post(body)).status).toBe(400);
    const good = '<Envelope><Body><GetStatusInfo/></Body></Envelope>';
    expect((await post(good)).status).toBe(200);
    expect((await post(good, 'GetStatusInfo')).status).toBe(400);
    expect(await http(control, { method: 'POST', body: 'x'.repeat(70_000) }).catch((e) => e.code)).toBe(
      'ECONNRESET',
    );
    expect((await http(new URL('/none', url).href)).status).toBe(404);
    expect((await http(control, { method: 'PUT' })).status).toBe(501);
  });
});

describe('the table', () => {
  const other = { NewInternalClient: '192.168.1.20' };
  const peer = { NewRemoteHost: '198.51.100.7' };

  test('who has a port, and who gets it (WANIPConnection:2, figure 2-3)', async () => {
    await start();
    expect(await codes([add()])).toEqual([0]);
    expect((await add({ NewInternalPort: 444, NewPortMappingDescription: 'new' })).code).toBe(0);
    expect((await specific()).values).toMatchObject({
      NewInternalPort: '444',
      NewPortMappingDescription: 'new',
    });
    expect((await add(other)).code).toBe(718);
    expect((await add({ ...other, ...peer })).code).toBe(718);
    expect((await add(peer)).code).toBe(718);
    igd.habits.remoteHosts = 'several';
    expect((await add(peer)).code).toBe(0);
    expect((await add({ ...other, ...peer })).code).toBe(718);
    expect((await add({ NewProtocol: 'UDP', ...other })).code).toBe(0);
    expect(igd.byHand.mappings).toHaveLength(3);
  });

  test('a remote host counts, or is passed over', async () => {
    await start({ habits: { remoteHosts: 'several' } });
    await add({ NewPortMappingDescription: 'all' });
    await add({ ...peer, NewPortMappingDescription: 'one' });
    expect((await specific(peer)).values.NewPortMappingDescription).toBe('one');
    expect((await specific({ NewRemoteHost: '198.51.100.8' })).code).toBe(714);
    expect((await remove(peer)).code).toBe(0);
    expect(igd.byHand.mappings.map(({ description }) => description)).toEqual(['all']);
    igd.habits.readsRemoteHost = false;
    expect((await specific(peer)).values.NewPortMappingDescription).toBe('all');
    expect((await remove(peer)).code).toBe(0);
    expect(igd.byHand.mappings).toEqual([]);
  });

  test('a remote host that miniupnpd filters by, and forgets', async () => {
    await start({ habits: habits.miniupnpd });
    expect((await add(peer)).code).toBe(0);
    expect((await generic(0)).values.NewRemoteHost).toBe('');
    expect((await list(8443, 8443)).text).toContain('<p:NewRemoteHost></p:NewRemoteHost>');
    // The same again is a conflict; without the remote host it is a renewal, and the filter stays.
    expect(await codes([add(peer)])).toEqual([718]);
    expect(await codes([add()])).toEqual([0]);
    expect(igd.byHand.mappings).toMatchObject([{ remoteHost: '', onlyFrom: '198.51.100.7' }]);
  });

  test('by index, in the order of the model, until the end', async () => {
    await start();
    for (const port of [8001, 8002, 8003]) await add({ NewExternalPort: port });
    const ports = async () =>
      Promise.all([0, 1, 2].map(async (index) => (await generic(index)).values.NewExternalPort));
    expect(await ports()).toEqual(['8001', '8002', '8003']);
    igd.habits.order = 'newest first';
    expect(await ports()).toEqual(['8003', '8002', '8001']);
    for (const code of [713, 714, 402] as const) {
      igd.habits.endOfTable = code;
      expect((await generic(3)).code).toBe(code);
    }
    expect((await generic(0)).values).toEqual({
      NewRemoteHost: '',
      NewExternalPort: '8003',
      NewProtocol: 'TCP',
      NewInternalPort: '443',
      NewInternalClient: '192.168.1.10',
      NewEnabled: '1',
      NewPortMappingDescription: 'web',
      NewLeaseDuration: '3600',
    });
  });

  test('a window of ports, with names of its own', async () => {
    await start();
    for (const port of [8003, 8001, 9000]) await add({ NewExternalPort: port });
    await add({ ...peer, NewExternalPort: 8002 });
    await add({ NewExternalPort: 8001, NewProtocol: 'UDP' });
    const found = await list(8000, 8999);
    const ports = [...found.text.matchAll(/<p:NewExternalPort>(\d+)</g)].map(([, port]) => port);
    expect(ports).toEqual(['8001', '8002', '8003']);
    expect(found.text).toMatch(/<NewPortListing><!\[CDATA\[<p:PortMappingList .*<\/p:PortMappingList>\]\]>/s);
    expect(found.text).toContain('<p:NewRemoteHost>198.51.100.7</p:NewRemoteHost>');
    expect(found.text).toContain(
      '<p:NewDescription>web</p:NewDescription><p:NewLeaseTime>3600</p:NewLeaseTime>',
    );
    expect((await list(8000, 8999, 2)).text.match(/<p:PortMappingEntry>/g)).toHaveLength(2);
    expect(await codes([list(1, 99), list(9, 8)])).toEqual([730, 733]);
    igd.habits.emptyList = 'empty';
    expect((await list(1, 99)).text).toMatch(/xsd"><\/p:PortMappingList>/);
  });

  test('a list of too many ends miniupnpd 2.3.1', async () => {
    await start({ habits: habits.miniupnpd });
    for (let port = 0; port < 140; port += 1)
      igd.byHand.add({ externalPort: 8000 + port, internalClient: '192.168.1.10' });
    expect((await list(8000, 8099)).text.match(/<p:PortMappingEntry>/g)).toHaveLength(100);
    await expect(list(1, 65_535)).rejects.toThrow();
    await expect(http(url)).rejects.toThrow(/ECONNREFUSED/);
  });

  test('deleting, one and a range: the range asks nobody who he is', async () => {
    await start({ habits: { secure: true } });
    igd.asker = () => '192.168.1.10';
    for (const port of [8001, 8002, 9000]) await add({ NewExternalPort: port });
    igd.asker = () => '192.168.1.20';
    expect((await remove({ NewExternalPort: 8001 })).code).toBe(606);
    expect((await call('DeletePortMappingRange', range(8000, 8999))).code).toBe(0);
    expect(igd.byHand.mappings.map(({ externalPort }) => externalPort)).toEqual([9000]);
    expect(
      await codes([
        call('DeletePortMappingRange', range(8000, 8999)),
        call('DeletePortMappingRange', range(9, 8)),
      ]),
    ).toEqual([730, 733]);
    expect((await remove({ NewExternalPort: 8001 })).code).toBe(714);
    igd.habits.absentDelete = 'done';
    expect((await remove({ NewExternalPort: 8001 })).code).toBe(0);
  });

  test('any port: the next one that is free', async () => {
    await start({ habits: { ownPorts: [8444] } });
    const any = async (change = {}) => call('AddAnyPortMapping', mapping(change));
    expect((await any()).values).toEqual({ NewReservedPort: '8443' });
    expect((await any(other)).values).toEqual({ NewReservedPort: '8445' });
    expect(Number((await any({ NewExternalPort: 0 })).values.NewReservedPort)).toBeGreaterThanOrEqual(1024);
  });

  test('nothing is there to be bent: 70000 is 4464, SCTP is TCP, a network is nobody', async () => {
    await start({ habits: habits.miniupnpd });
    const odd = {
      NewExternalPort: 70_000,
      NewProtocol: 'SCTP',
      NewRemoteHost: '198.51.100.0/24',
      NewEnabled: 0,
    };
    expect((await add(odd)).code).toBe(0);
    expect(igd.byHand.mappings).toMatchObject([
      { externalPort: 4464, protocol: 'TCP', onlyFrom: '255.255.255.255', enabled: true },
    ]);
  });
});

/** Every code of the note, and how it comes about. */
const refusals: readonly [
  code: number,
  why: string,
  set: Partial<habits.Habits>,
  ask: () => Promise<SoapAnswer>,
][] = [
  [401, 'an unknown action', {}, () => call('GetNothing')],
  [402, 'an address that is none', {}, () => add({ NewInternalClient: 'server' })],
  [402, 'a number that is none', {}, () => add({ NewLeaseDuration: 'soon' })],
  [402, 'a host name for a remote host', {}, () => add({ NewRemoteHost: 'example.org' })],
  [402, 'lease 0', { zeroLease: 'refused' }, () => add({ NewLeaseDuration: 0 })],
  [402, 'internal port 0, in version 1', habits.igd1, () => add({ NewInternalPort: 0 })],
  [501, 'no public address', { privateAddress: 'hidden' }, () => add()],
  [501, 'no room, in version 1', { ...habits.igd1, capacity: 0 }, () => add()],
  [600, 'a protocol that is none', {}, () => add({ NewProtocol: 'SCTP' })],
  [601, 'a port beyond the last', {}, () => add({ NewExternalPort: 70_000 })],
  [605, 'a description too long', { description: { room: 2, longer: 'refused' } }, () => add()],
  [606, 'for another, in secure mode', { secure: true }, () => add()],
  [718, 'the same in version 1', { ...habits.igd1, secure: true }, () => add()],
  [606, 'a port of the privileged', { lowestPort: 1024 }, () => add({ NewExternalPort: 443 })],
  [606, 'cutting the line', {}, () => call('ForceTermination')],
  [713, 'past the end', {}, () => generic(0)],
  [714, 'reading what is not there', {}, () => specific()],
  [714, 'deleting what is not there', {}, () => remove()],
  [715, 'no internal client', {}, () => add({ NewInternalClient: '' })],
  [716, 'external port 0', {}, () => add({ NewExternalPort: 0 })],
  [716, 'external port *', {}, () => add({ NewExternalPort: '*' })],
  [718, 'everything', { alwaysConflict: true }, () => add()],
  [718, 'a port of its own, in version 1', { ...habits.igd1, ownPorts: [8443] }, () => add()],
  [724, 'another internal port', { externalPorts: 'same' }, () => add()],
  [725, 'a lease', { leases: 'none' }, () => add()],
  [726, 'a remote host', { remoteHosts: 'none' }, () => add({ NewRemoteHost: '198.51.100.7' })],
  [727, 'a port alone', { externalPorts: 'none' }, () => add()],
  [728, 'no room', { capacity: 0 }, () => add()],
  [728, 'no port left', { lowestPort: 65_536 }, () => call('AddAnyPortMapping', mapping())],
  [729, 'a port of its own', { ownPorts: [8443] }, () => add()],
  [730, 'a range with nothing in it', {}, () => list(1, 2)],
  [731, 'what nobody may set', {}, () => call('SetConnectionType', { NewConnectionType: 'IP_Routed' })],
  [732, 'internal port 0', {}, () => add({ NewInternalPort: 0 })],
  [733, 'a range that ends before it begins', {}, () => list(2, 1)],
];

describe('codes', () => {
  test.each(refusals)('%i: %s', async (code, _why, set, ask) => {
    await start({
      habits: set,
      connections: [{ address: set.privateAddress ? '192.168.0.2' : '203.0.113.7' }],
    });
    expect(await ask()).toMatchObject({ status: 500, code });
    expect(igd.byHand.mappings).toEqual([]);
  });

  test('any other, with any words', async () => {
    await start();
    const end = igd.misbehave({ how: 'fault', code: -911, words: 'a <word>', to: 'AddPortMapping' });
    igd.misbehave({ how: 'fault', code: 403, to: 'GetStatusInfo', times: 1 });
    igd.misbehave({ how: 'fault', code: 603, times: 1, after: 1, to: 'DeletePortMapping' });
    expect(await add()).toMatchObject({ code: -911, text: expect.stringContaining('a &lt;word&gt;') });
    expect(await codes([call('GetStatusInfo'), remove()])).toEqual([403, 714]);
    expect(await codes([call('GetStatusInfo'), remove()])).toEqual([0, 603]);
    end();
    expect((await add()).code).toBe(0);
  });

  test('only some calls, by their arguments', async () => {
    await start();
    igd.misbehave({ how: 'fault', where: (args) => args.get('NewExternalPort') === '8003' });
    expect(await codes([add(), add({ NewExternalPort: 8003 })])).toEqual([0, 501]);
  });
});

describe('leases', () => {
  const lease = async (given: number): Promise<string | undefined> => {
    await add({ NewLeaseDuration: given });
    return (await specific()).values.NewLeaseDuration;
  };

  test('version 2: 0 and more than a week are a week; version 1: 0 is for ever', async () => {
    await start();
    expect([await lease(0), await lease(700_000), await lease(60)]).toEqual(['604800', '604800', '60']);
    Object.assign(igd.habits, habits.igd1);
    expect(await lease(0)).toBe('0');
  });

  test('shortened without a word', async () => {
    await start({ habits: { longestLease: 120 } });
    expect([await lease(3600), await lease(0)]).toEqual(['120', '120']);
  });

  test('it runs out, and the same call again renews it', async () => {
    await start();
    await add({ NewLeaseDuration: 4 });
    clock.advance(2_500);
    expect((await specific()).values.NewLeaseDuration).toBe('2');
    await add({ NewLeaseDuration: 4, NewPortMappingDescription: 'renewed' });
    expect((await specific()).values).toMatchObject({
      NewLeaseDuration: '4',
      NewPortMappingDescription: 'renewed',
    });
    clock.advance(3_999);
    expect((await specific()).code).toBe(0);
    clock.advance(1);
    expect(await codes([specific(), generic(0)])).toEqual([714, 713]);
  });

  test('miniupnpd keeps the description at a renewal, not at a change', async () => {
    await start({ habits: habits.miniupnpd });
    await add();
    await add({ NewPortMappingDescription: 'other' });
    expect((await specific()).values.NewPortMappingDescription).toBe('web');
    await add({ NewPortMappingDescription: 'other', NewInternalPort: 444 });
    expect((await specific()).values.NewPortMappingDescription).toBe('other');
  });

  test('only for ever', async () => {
    await start({ habits: habits.routeros });
    expect((await add()).code).toBe(725);
    expect(await lease(0)).toBe('0');
    clock.advance(10 ** 9);
    expect((await specific()).code).toBe(0);
  });
});

describe('descriptions', () => {
  const long = 'x'.repeat(70);

  test('cut where the room ends', async () => {
    await start({ habits: { description: { room: 20, longer: 'cut' } } });
    await add({ NewPortMappingDescription: long });
    expect((await specific()).values.NewPortMappingDescription).toBe('x'.repeat(20));
  });

  test('with bytes that are no text, where it is read alone', async () => {
    await start({ habits: habits.miniupnpd });
    await add({ NewPortMappingDescription: long });
    const bytes = Buffer.from((await specific()).text, 'latin1');
    expect(bytes.includes(Buffer.from([0x78, 0xfe, 0xfe]))).toBe(true);
    expect((await generic(0)).values.NewPortMappingDescription).toBe('x'.repeat(63));
    await add({ NewExternalPort: 8444, NewPortMappingDescription: 'x'.repeat(63) });
    expect((await specific({ NewExternalPort: 8444 })).values.NewPortMappingDescription).toBe('x'.repeat(63));
  });
});

describe('who may do what', () => {
  test('secure mode goes by the address that asks', async () => {
    await start({ habits: { secure: true } });
    const mine = { NewInternalClient: '127.0.0.2' };
    expect((await add(mine)).code).toBe(606);
    expect((await add(mine, { from: '127.0.0.2' })).code).toBe(0);
    expect(await codes([remove(), remove({}, { from: '127.0.0.2' })])).toEqual([606, 0]);
  });

  test('version 1 has no words for it', async () => {
    await start({ habits: { ...habits.igd1, secure: true } });
    igd.byHand.add({ externalPort: 8443, internalClient: '192.168.1.10' });
    expect(await codes([remove(), add({ NewExternalPort: 8444 })])).toEqual([714, 718]);
  });
});

describe('the public address', () => {
  const address = async () => (await call('GetExternalIPAddress')).values.NewExternalIPAddress;

  test('as it is, or hidden where it is private: then nothing new is mapped, and what is, is renewed', async () => {
    await start();
    await add();
    igd.connection.address = '100.64.1.1';
    expect(await address()).toBe('100.64.1.1');
    expect((await add({ NewExternalPort: 8444 })).code).toBe(0);
    igd.habits.privateAddress = 'hidden';
    expect(await address()).toBe('');
    expect(await codes([add(), add({ NewExternalPort: 8445 })])).toEqual([0, 501]);
    igd.connection.address = '203.0.113.7';
    expect(await address()).toBe('203.0.113.7');
  });

  test('uptime counts from the last start', async () => {
    await start();
    clock.advance(90_000);
    expect((await call('GetStatusInfo')).values.NewUptime).toBe('90');
    await igd.reboot();
    expect((await call('GetStatusInfo')).values.NewUptime).toBe('0');
  });
});

describe('pinholes', () => {
  const six = 'fd00::10';
  const hole = (change: Readonly<Record<string, string | number>> = {}) =>
    soap(url, FIREWALL, 'AddPinhole', {
      RemoteHost: '',
      RemotePort: '0',
      InternalClient: six,
      InternalPort: '8443',
      Protocol: '6',
      LeaseTime: '3600',
      ...Object.fromEntries(Object.entries(change).map(([name, value]) => [name, String(value)])),
    });
  const of = (action: string, id: number, more = {}) =>
    soap(url, FIREWALL, action, { UniqueID: String(id), ...more });

  beforeEach(async () => {
    await start({ pinholes: true });
    igd.asker = () => six;
  });

  test('numbered from 1; the same again is the same, with a new lease', async () => {
    expect((await hole()).values).toEqual({ UniqueID: '1' });
    expect((await hole({ InternalPort: 8444 })).values).toEqual({ UniqueID: '2' });
    clock.advance(3_599_000);
    expect((await hole({ InternalClient: 'fd00:0::10' })).values).toEqual({ UniqueID: '1' });
    clock.advance(1_000);
    expect(await codes([of('GetPinholePackets', 1), of('GetPinholePackets', 2)])).toEqual([0, 704]);
    expect((await of('UpdatePinhole', 1, { NewLeaseTime: '10' })).code).toBe(0);
    clock.advance(10_000);
    expect((await of('DeletePinhole', 1)).code).toBe(704);
    await igd.reboot();
    expect((await hole({ InternalPort: 9000 })).values).toEqual({ UniqueID: '1' });
  });

  test('every refusal', async () => {
    expect(
      await codes([
        hole({ LeaseTime: 0 }),
        hole({ LeaseTime: 86_401 }),
        hole({ InternalPort: 443 }),
        hole({ InternalClient: 'fd00::11' }),
        hole({ Protocol: 132 }),
        hole({ InternalPort: 0 }),
        hole({ Protocol: 65_535 }),
        hole({ InternalClient: '' }),
        of('UpdatePinhole', 9, { NewLeaseTime: '10' }),
        of('CheckPinholeWorking', 9),
      ]),
    ).toEqual([402, 402, 606, 606, 705, 706, 707, 708, 704, 704]);
    igd.habits.unknownPinhole = 402;
    expect((await of('DeletePinhole', 9)).code).toBe(402);
    igd.habits.capacity = 0;
    expect((await hole()).code).toBe(701);
    const pinholes = igd.pinholes as NonNullable<typeof igd.pinholes>;
    pinholes.allowed = false;
    expect((await hole()).code).toBe(703);
    pinholes.firewall = false;
    expect((await hole()).code).toBe(702);
    expect((await soap(url, FIREWALL, 'GetFirewallStatus')).values).toEqual({
      FirewallEnabled: '0',
      InboundPinholeAllowed: '0',
    });
  });

  test('traffic counts, and only its own host may ask', async () => {
    await hole();
    expect((await of('CheckPinholeWorking', 1)).code).toBe(709);
    igd.pinholes?.traffic(1, 7);
    expect((await of('GetPinholePackets', 1)).values).toEqual({ PinholePackets: '7' });
    expect((await of('CheckPinholeWorking', 1)).values).toEqual({ IsWorking: '1' });
    igd.asker = () => '192.168.1.10';
    expect(await codes([of('GetPinholePackets', 1), hole()])).toEqual([606, 606]);
  });
});

test('counted by kind, with who asked, what, and what came of it', async () => {
  await start();
  await add();
  await specific({ NewExternalPort: 9 });
  expect(igd.counters.all).toEqual({ AddPortMapping: 1, GetSpecificPortMappingEntry: 1, description: 2 });
  expect(igd.counters.packets.map(({ name, from, code }) => [name, from, code])).toEqual([
    ['description', '127.0.0.1', 0],
    ['AddPortMapping', '127.0.0.1', 0],
    ['description', '127.0.0.1', 0],
    ['GetSpecificPortMappingEntry', '127.0.0.1', 714],
  ]);
  expect(igd.counters.connections).toBe(4);
  igd.counters.reset();
  expect(igd.counters.all).toEqual({});
});

test('others change the table', async () => {
  await start();
  const key = igd.byHand.add({ externalPort: 8443, internalClient: '192.168.1.10', description: 'game' }, 60);
  expect(key).toBe('tcp:8443@*');
  expect((await specific()).values).toMatchObject({
    NewPortMappingDescription: 'game',
    NewLeaseDuration: '60',
  });
  const moved = igd.byHand.change(key, { externalPort: 9443, remoteHost: '198.51.100.7' });
  expect(moved).toBe('tcp:9443@198.51.100.7');
  expect((await generic(0)).values).toMatchObject({ NewExternalPort: '9443', NewRemoteHost: '198.51.100.7' });
  igd.byHand.remove(moved);
  igd.byHand.add({ externalPort: 1, internalClient: '192.168.1.10' });
  igd.byHand.flush();
  expect((await generic(0)).code).toBe(713);
});
